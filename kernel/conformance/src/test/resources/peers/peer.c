/* A peer of connections that does what it is told: peer tcp|unix|pipes TARGET CONTROL_PORT COUNT SEED MAX_PAUSE_MS
 * The same as peer.py, with a process for each connection. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void check(int good, const char *what) {
    if (!good) {
        perror(what);
        exit(1);
    }
}

static int to_port(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(connect(fd, (struct sockaddr *) &address, sizeof address) == 0, "connect");
    int yes = 1; /* Nothing may lie here unsent when it breaks. */
    check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0, "setsockopt");
    return fd;
}

/* Where it reads and where it writes: a connection, or the pipes that it was started with. */
static int in = 0, out = 1, piped = 0;

static int to_path(const char *path) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    check(connect(fd, (struct sockaddr *) &address, sizeof address) == 0, "connect");
    return fd;
}

static void send_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = write(fd, bytes, count);
        check(sent > 0, "write");
        bytes += sent;
        count -= sent;
    }
}

/* To a count, or to the end. */
static long receive(int fd, long most) {
    static char buffer[65536];
    long count = 0;
    while (count < most) {
        size_t room = most - count < (long) sizeof buffer ? (size_t) (most - count) : sizeof buffer;
        ssize_t received = read(fd, buffer, room);
        check(received >= 0, "read");
        if (received == 0) {
            break;
        }
        count += received;
    }
    return count;
}

static void close_both(void) {
    close(in);
    if (piped) {
        close(out);
    }
}

static void half_close(void) {
    check(piped ? close(out) == 0 : shutdown(out, SHUT_WR) == 0, "half-close");
}

static void reset(void) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(in, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close_both();
}

static long obey(const char *deed, const char *argument) {
    long count = 0;
    if (strcmp(deed, "send") == 0) {
        send_all(out, argument, strlen(argument));
    } else if (strcmp(deed, "half-close") == 0) {
        half_close();
    } else if (strcmp(deed, "reset") == 0) {
        reset();
    } else if (strcmp(deed, "end") == 0) {
        count = receive(in, atol(argument));
        close_both();
    } else if (strcmp(deed, "drain") == 0) {
        count = receive(in, __LONG_MAX__);
    }
    return count;
}

static void serve(int number, char **argv) {
    unsigned seed = (unsigned) (atol(argv[5]) * 1000 + number);
    long max_pause = atol(argv[6]) * 1000;
    char name = (char) number;
    int control = to_port(atoi(argv[3]));
    send_all(control, &name, 1);
    if (!piped) {
        in = out = strcmp(argv[1], "unix") == 0 ? to_path(argv[2]) : to_port(atoi(argv[2]));
    }
    send_all(out, &name, 1);
    FILE *lines = fdopen(control, "r");
    char line[200];
    while (fgets(line, sizeof line, lines)) {
        char deed[100] = "", argument[100] = "";
        sscanf(line, "%99s %99s", deed, argument);
        usleep((useconds_t) ((double) rand_r(&seed) / RAND_MAX * max_pause));
        int length = snprintf(line, sizeof line, "done %ld\n", obey(deed, argument));
        send_all(control, line, length);
    }
    exit(0);
}

int main(int argc, char **argv) {
    check(argc == 7, "tcp|unix|pipes TARGET CONTROL_PORT COUNT SEED MAX_PAUSE_MS");
    signal(SIGPIPE, SIG_IGN);
    piped = strcmp(argv[1], "pipes") == 0;
    if (piped) {
        serve(atoi(argv[2]), argv); /* which another process would keep open */
    }
    for (int number = 0; number < atoi(argv[4]); number++) {
        int child = fork();
        check(child >= 0, "fork");
        if (child == 0) {
            serve(number, argv);
        }
    }
    int failed = 0;
    for (int status; wait(&status) > 0;) {
        failed |= status != 0;
    }
    return failed;
}
