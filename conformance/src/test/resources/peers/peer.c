/* A peer of connections that does what it is told: peer tcp|unix TARGET CONTROL_PORT COUNT SEED MAX_PAUSE_MS
 * The same as peer.py, with a process for each connection. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
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

static int to_path(const char *path) {
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    check(connect(fd, (struct sockaddr *) &address, sizeof address) == 0, "connect");
    return fd;
}

static void send_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        check(sent > 0, "send");
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
        ssize_t received = recv(fd, buffer, room, 0);
        check(received >= 0, "recv");
        if (received == 0) {
            break;
        }
        count += received;
    }
    return count;
}

static void reset(int fd) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

static long obey(int fd, const char *deed, const char *argument) {
    long count = 0;
    if (strcmp(deed, "send") == 0) {
        send_all(fd, argument, strlen(argument));
    } else if (strcmp(deed, "half-close") == 0) {
        check(shutdown(fd, SHUT_WR) == 0, "shutdown");
    } else if (strcmp(deed, "reset") == 0) {
        reset(fd);
    } else if (strcmp(deed, "end") == 0) {
        count = receive(fd, atol(argument));
        close(fd);
    } else if (strcmp(deed, "drain") == 0) {
        count = receive(fd, __LONG_MAX__);
    }
    return count;
}

static void serve(int number, char **argv) {
    unsigned seed = (unsigned) (atol(argv[5]) * 1000 + number);
    long max_pause = atol(argv[6]) * 1000;
    char name = (char) number;
    int control = to_port(atoi(argv[3]));
    send_all(control, &name, 1);
    int fd = strcmp(argv[1], "unix") == 0 ? to_path(argv[2]) : to_port(atoi(argv[2]));
    send_all(fd, &name, 1);
    FILE *lines = fdopen(control, "r");
    char line[200];
    while (fgets(line, sizeof line, lines)) {
        char deed[100] = "", argument[100] = "";
        sscanf(line, "%99s %99s", deed, argument);
        usleep((useconds_t) ((double) rand_r(&seed) / RAND_MAX * max_pause));
        int length = snprintf(line, sizeof line, "done %ld\n", obey(fd, deed, argument));
        send_all(control, line, length);
    }
    exit(0);
}

int main(int argc, char **argv) {
    check(argc == 7, "tcp|unix TARGET CONTROL_PORT COUNT SEED MAX_PAUSE_MS");
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
