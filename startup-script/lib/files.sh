# shellcheck shell=bash
# Programs that are no Debian packages (provision.files): fetched by https, verified by their hash before use, and put
# on the job's PATH. Only root can write them.

readonly FILES_SECONDS=1800
readonly MAX_FILE_BYTES=$((2 << 30))
# `SHA256 URL PROGRAM…` each, as spec.py prints them.
FILES=()

# install_files: unpacks what this disk does not have yet, and links the programs in FILES_BIN.
install_files() {
  local file url sha256 rest programs
  install -d -m 755 "$FILES_FOLDER"
  rm -rf "$FILES_BIN"
  for file in "${FILES[@]}"; do
    read -r sha256 url rest <<<"$file"
    read -ra programs <<<"$rest"
    if [[ -d $FILES_FOLDER/$sha256 ]]; then
      say "$url is on this disk already"
    else
      fetch_verified "$url" "$sha256" "$RUN_DIR/$sha256" provision.files
      note_executed "$url=$RUN_DIR/$sha256"
    fi
    run_noting provisioning files "$RUN_DIR/$sha256" "$sha256" "${url%%[?#]*}" "$FILES_FOLDER" "${programs[@]}"
    rm -f "$RUN_DIR/$sha256"
  done
  find "$FILES_FOLDER" -mindepth 1 -maxdepth 1 -mtime +14 -exec rm -rf {} +
}

# fetch_verified URL SHA256 FILE KEY: KEY of vicinity.yaml names the hash.
fetch_verified() {
  (
    ulimit -f "$((MAX_FILE_BYTES / 1024))"
    run_logged "$FILES_SECONDS" "$(program curl)" --proto '=https' --proto-redir '=https' --tlsv1.2 -sSfL --retry 5 \
      --max-filesize "$MAX_FILE_BYTES" -o "$3" "$1"
  ) || fail_provisioning "$?" "$1 cannot be fetched"
  local found
  found="$(sha256_of "$3")"
  [[ $found == "$2" ]] || fail provisioning 1 "$1 has the sha256 $found, and $4 says $2. It was not used."
}
