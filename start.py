"""Make this folder's own environment once, then run a program from it.

    python3 start.py tom run oxfordshire
    python3 start.py --with cluster tom sweep example --cluster tcp://10.0.0.1:8786
    python3 start.py pytest

The environment is the folder .venv beside this file, installed from the hashed lock files. It is made again when the
locks, the Python or the place of this folder change, and left alone otherwise. `tom` needs only requirements.lock; any
other program (pytest, ruff, mypy, pre-commit ...) needs requirements-test.lock, which holds the same packages and more;
`--with cluster` adds what requirements-cluster.lock holds besides (Dask), to stay there until the environment is made again.

Standard library only, in syntax that an older Python can read, so that it can say what is missing.
"""

import hashlib
import os
import shutil
import subprocess
import sys

SIGN_OF_LIFE_SECONDS = 20
OLDEST, NEWEST = (3, 11), (3, 14)
FOLDER = os.path.dirname(os.path.abspath(__file__))
ENVIRONMENT = os.path.join(FOLDER, ".venv")
PROGRAMS = os.path.join(ENVIRONMENT, "Scripts" if os.name == "nt" else "bin")
RUN_LOCK, TEST_LOCK, CLUSTER_LOCK = "requirements.lock", "requirements-test.lock", "requirements-cluster.lock"
WITH_CLUSTER = ["--with", "cluster"]
HELP = "Usage: python3 start.py [--with cluster] PROGRAM [ARGUMENT ...]   for example: python3 start.py tom run oxfordshire"
MISSING_VENV = """\
start.py: this Python ({version}, {place}) has no `venv`: it cannot make an isolated environment.
  Debian or Ubuntu: sudo apt install python{version}-venv
  elsewhere: install a complete Python {oldest} to {newest}
then paste the same command again."""
WRONG_PYTHON = """\
start.py: this is Python {version} ({place}); tom needs Python {oldest} to {newest}.
Install one of them, then paste the same command again."""


def complaint():
    """Return what stops this Python from making the environment, or None."""
    version = sys.version_info[:2]
    words = {"version": dotted(version), "place": sys.executable, "oldest": dotted(OLDEST), "newest": dotted(NEWEST)}
    if not OLDEST <= version <= NEWEST:
        return WRONG_PYTHON.format(**words)
    try:
        import ensurepip  # noqa: F401  Debian leaves this one out of its plain Python
        import venv  # noqa: F401
    except ImportError:
        return MISSING_VENV.format(**words)
    return None


def dotted(version):
    """Return (3, 11) as "3.11"."""
    return ".".join(str(part) for part in version)


def another_python():
    """Return the path of another Python on this machine that can make the environment, or None."""
    test = "import sys, ensurepip, venv; sys.exit(not {} <= sys.version_info[:2] <= {})".format(OLDEST, NEWEST)
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which("python3.{}".format(minor))
        if found and subprocess.call([found, "-c", test], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


def fingerprint(*names):
    """Return a hash of this Python, this folder's place and the named files in it."""
    digest = hashlib.sha256(repr((sys.version_info[:3], sys.base_prefix, FOLDER)).encode())
    for name in names:
        with open(os.path.join(FOLDER, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def mark(lock):
    """Return the path of the file which records that `lock` was installed."""
    return os.path.join(ENVIRONMENT, lock + ".installed")


def installed(lock):
    """Return the fingerprints [locks, project] that `lock` was installed with, or [] if it never was."""
    try:
        with open(mark(lock)) as file:
            return file.read().split()
    except OSError:
        return []


def prepare(lock):
    """Bring the environment up to `lock`, doing only what is not done yet."""
    wanted = [fingerprint(RUN_LOCK, TEST_LOCK), fingerprint("pyproject.toml")]
    if wanted in (installed(lock), installed(TEST_LOCK)):
        return
    say("Preparing .venv from {} (the first time: a minute or two, about 200 MB to fetch) ...".format(lock))
    if wanted[0] not in installed(RUN_LOCK) + installed(TEST_LOCK):
        # Not .venv's own Python, should that be the one running this: it is about to be cleared.
        outside = getattr(sys, "_base_executable", None) or sys.executable
        call([outside, "-I", "-m", "venv", "--clear", ENVIRONMENT])
    pip("--require-hashes", "--only-binary", ":all:", "-r", lock)
    pip("--no-deps", "--no-build-isolation", "-e", ".")
    with open(mark(lock), "w") as file:
        file.write(" ".join(wanted))
    say("Ready.")


def add_cluster():
    """Install what a Dask cluster needs besides, once; the environment is there already."""
    wanted = [fingerprint(CLUSTER_LOCK)]
    if installed(CLUSTER_LOCK) != wanted:
        say("Adding Dask from {} ...".format(CLUSTER_LOCK))
        pip("--require-hashes", "--only-binary", ":all:", "-r", CLUSTER_LOCK)
        with open(mark(CLUSTER_LOCK), "w") as file:
            file.write(wanted[0])
        say("Ready.")


def pip(*words):
    """Install with the environment's own pip, which speaks only of errors."""
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    call([os.path.join(PROGRAMS, "python"), "-I", "-m", "pip", "install"] + quiet + list(words))


def call(command):
    """Run a step of the preparation from this folder, with a sign of life; on failure stop with status 1."""
    step = subprocess.Popen(command, cwd=FOLDER, stdout=sys.stderr, env=clean_environment())
    status = None
    while status is None:
        try:
            status = step.wait(timeout=SIGN_OF_LIFE_SECONDS)
        except subprocess.TimeoutExpired:
            say("... still at it")
    if status:
        say("start.py: this step failed (exit {}): {}".format(status, " ".join(command)))
        sys.exit(1)


def clean_environment():
    """Return the environment variables, less those that would let other packages in, with .venv's programs first."""
    leaks = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_HASHES")
    variables = {name: value for name, value in os.environ.items() if name not in leaks}
    variables["PATH"] = PROGRAMS + os.pathsep + variables.get("PATH", os.defpath)
    variables["VIRTUAL_ENV"] = ENVIRONMENT
    return variables


def say(words):
    """Print to standard error: standard output belongs to the program."""
    print(words, file=sys.stderr, flush=True)


def hand_over(command):
    """Become the program, so that its exit status and Ctrl-C are its own."""
    if os.name == "nt":
        sys.exit(subprocess.call(command, env=clean_environment()))
    os.execve(command[0], command, clean_environment())


def main(words):
    """Prepare the environment and run the program that `words` name."""
    if not words or words[0] in ("-h", "--help"):
        say(__doc__ if words else HELP)
        sys.exit(0 if words else 2)
    trouble = complaint()
    if trouble:
        better = another_python()
        if not better:
            say(trouble)
            sys.exit(1)
        hand_over([better, os.path.abspath(__file__)] + words)
    extra, words = words[:2] == WITH_CLUSTER, words[2:] if words[:2] == WITH_CLUSTER else words
    if not words:
        say(HELP)
        sys.exit(2)
    run_only = words[0] == "tom" or (extra and words[0] in ("dask", "python"))
    prepare(RUN_LOCK if run_only else TEST_LOCK)
    if extra:
        add_cluster()
    program = shutil.which(words[0], path=PROGRAMS)
    if not program:
        say("start.py: .venv has no program called {!r}; try tom, pytest, ruff or mypy".format(words[0]))
        sys.exit(2)
    hand_over([program] + words[1:])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
