#!/usr/bin/env bash
# Takes the README's pictures of the web UI anew, from the UI as it is built now.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build tests/e2e -v q
dotnet test --project tests/e2e --no-build -- --filter-class RealtimeOps.E2ETests.Ui.PicturesTests
for picture in tests/e2e/bin/Debug/net10.0/TestResults/screenshots/readme-*.png; do
  name=$(basename "$picture")
  cp "$picture" "docs/images/${name#readme-}"
done
