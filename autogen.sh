#!/bin/sh
# Makes ./configure from configure.ac; needs autoconf, automake and autopoint.
set -e
cd "$(dirname "$0")"
exec autoreconf -fi
