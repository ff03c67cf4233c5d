/** The APIs that exist here, with their titles as Google lists them. */
export const TITLES: Record<string, string> = {
  'artifactregistry.googleapis.com': 'Artifact Registry API',
  'cloudbuild.googleapis.com': 'Cloud Build API',
  'cloudfunctions.googleapis.com': 'Cloud Functions API',
  'cloudresourcemanager.googleapis.com': 'Cloud Resource Manager API',
  'cloudscheduler.googleapis.com': 'Cloud Scheduler API',
  'compute.googleapis.com': 'Compute Engine API',
  'eventarc.googleapis.com': 'Eventarc API',
  'iam.googleapis.com': 'Identity and Access Management (IAM) API',
  'iamcredentials.googleapis.com': 'IAM Service Account Credentials API',
  'logging.googleapis.com': 'Cloud Logging API',
  'monitoring.googleapis.com': 'Cloud Monitoring API',
  'oslogin.googleapis.com': 'Cloud OS Login API',
  'pubsub.googleapis.com': 'Cloud Pub/Sub API',
  'run.googleapis.com': 'Cloud Run Admin API',
  'secretmanager.googleapis.com': 'Secret Manager API',
  'servicemanagement.googleapis.com': 'Service Management API',
  'serviceusage.googleapis.com': 'Service Usage API',
  'storage-api.googleapis.com': 'Google Cloud Storage JSON API',
  'storage-component.googleapis.com': 'Cloud Storage',
  'storage.googleapis.com': 'Cloud Storage API',
};

/** What a new project may use (https://cloud.google.com/service-usage/docs/enabled-service#default). */
export const ENABLED_AT_FIRST = [
  'logging.googleapis.com',
  'monitoring.googleapis.com',
  'servicemanagement.googleapis.com',
  'serviceusage.googleapis.com',
  'storage-api.googleapis.com',
  'storage-component.googleapis.com',
  'storage.googleapis.com',
];

/** What is enabled along with an API, because it cannot do without. */
export const DEPENDENCIES: Record<string, string[]> = {
  'cloudbuild.googleapis.com': [
    'logging.googleapis.com',
    'pubsub.googleapis.com',
    'storage-api.googleapis.com',
  ],
  'compute.googleapis.com': ['oslogin.googleapis.com'],
  'iam.googleapis.com': ['iamcredentials.googleapis.com'],
  'run.googleapis.com': ['artifactregistry.googleapis.com', 'pubsub.googleapis.com'],
};
