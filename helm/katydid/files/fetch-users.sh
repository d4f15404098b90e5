# Brings the user files at one place of a repository into a folder: GIT_URL, GIT_REF (tag, branch or commit), GIT_FOLDER.
set -e
# A folder of its own: git refuses to work in a volume, which is another user's.
mkdir -p "$GIT_FOLDER"
cd "$GIT_FOLDER"
# A server that signs its certificate itself.
if [ -f /git-credentials/ca.crt ]; then export GIT_SSL_CAINFO=/git-credentials/ca.crt; fi
git init -q .
git fetch -q --depth 1 "$GIT_URL" "$GIT_REF"
git checkout -q FETCH_HEAD
git log -1 --format='users at %H'
