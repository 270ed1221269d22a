#!/bin/sh
# Builds the image without a Docker engine: on a base made of Debian's own packages and tagged like
# the official one. Prints where the built root file system is mounted. Needs root, buildah and
# mmdebstrap. `deploy/image-check.sh clean FOLDER` removes everything again.
set -eu
folder=$2
top=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder"
# Its own storage, so that nothing of it stays among the images of this machine.
build() { buildah --root "$folder/storage" --runroot "$folder/run" "$@"; }

make_base() {
    [ -s "$folder/base.tar" ] ||
        mmdebstrap --quiet --variant=minbase --include=python3,python3-venv,ca-certificates trixie "$folder/base.tar"
    base=$(build from scratch)
    build add -q "$base" "$folder/base.tar" / >/dev/null
    build run --isolation chroot "$base" -- ln -s python3 /usr/bin/python
    # A machine with a certificate authority of its own lends it to the build.
    for name in SSL_CERT_FILE PIP_CERT NODE_EXTRA_CA_CERTS; do
        path=$(printenv "$name" || true)
        [ -n "$path" ] && [ -r "$path" ] || continue
        build copy -q "$base" "$path" "/etc/ssl/certs/$name.crt" >/dev/null
        build config --env "$name=/etc/ssl/certs/$name.crt" "$base"
    done
    build commit -q "$base" localhost/python:3.13-slim >/dev/null
    build rm "$base" >/dev/null
}

case $1 in
make)
    make_base >&2
    build bud --isolation chroot --format docker --network host --layers=false \
        --build-arg PYTHON_IMAGE=localhost/python:3.13-slim -t lontar "$top" >&2
    build mount "$(build from lontar)"
    ;;
clean)
    build umount --all >/dev/null
    build rm --all >/dev/null
    build rmi --all --force >/dev/null
    rm -rf "$folder"
    ;;
*)
    echo "usage: $0 make|clean FOLDER" >&2
    exit 2
    ;;
esac
