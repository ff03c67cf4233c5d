#!/usr/bin/env bash
# Boots one machine in the folder $1, as the first process of mount and pid namespaces of its own: whatever is mounted
# here, and whatever runs in the machine, is gone when this process is. The rest are arguments for systemd-nspawn.
#
# Environment: CGROUP (name of the machine's control group), MEMORY_BYTES (0: no limit), DISK_BYTES, IMAGE (its root).
set -euo pipefail
folder=$1
shift
cd "$folder"

readonly RELEASE_TRIES=200

# A machine without groups of its own would share the host's, and end the host's services with its own.
is_limited=0
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/{systemd,memory,unified}; do
  [[ -e $hierarchy/cgroup.procs ]] || continue
  group=$hierarchy/$CGROUP
  mkdir -p "$group"
  for limit in "$group"/memory.limit_in_bytes "$group"/memory.max; do
    if ((MEMORY_BYTES)) && [[ -e $limit ]]; then
      echo "$MEMORY_BYTES" >"$limit"
      is_limited=1
    fi
  done
  echo 0 >"$group/cgroup.procs" # 0 is the process that writes.
done
if ((MEMORY_BYTES && !is_limited)); then
  echo '[local] this computer has no memory controller for control groups: the memory is not limited'
fi

if [[ ! -e disk.img ]]; then
  truncate -s "$DISK_BYTES" disk.img.new
  mkfs.ext4 -q -m 0 -E nodiscard,lazy_itable_init=1,lazy_journal_init=1 disk.img.new
  mv disk.img.new disk.img
fi
# The kernel lets go of the last boot's disk a moment after its end; two mounts of one disk would destroy it.
for ((tries = 0; tries < RELEASE_TRIES; tries++)); do
  [[ -n $(losetup --associated disk.img) ]] || break
  sleep 0.05
done
[[ -z $(losetup --associated disk.img) ]] || { echo "[local] disk.img is still in use by a loop device" && exit 1; }

mkdir -p disk root
mount -o loop,noatime disk.img disk
mkdir -p disk/upper disk/work
ln -sfn "$IMAGE" image # A link, because paths in mount options cannot hold colons and commas.
mount -t overlay overlay -o lowerdir=image,upperdir=disk/upper,workdir=disk/work root
exec systemd-nspawn --directory=root "$@"
