package dev.heddle.linux;

/** The numbers of system calls, which differ between processors: syscalls(2), and the kernel's own tables. */
final class SyscallNumbers {

    private static final String PROCESSOR = System.getProperty("os.arch");

    static final int READ = number(0, 63);
    static final int WRITE = number(1, 64);
    static final int CLOSE = number(3, 57);
    static final int MMAP = number(9, 222);
    static final int MUNMAP = number(11, 215);
    static final int PPOLL = number(271, 73);
    static final int SENDFILE = number(40, 71);
    static final int SOCKET = number(41, 198);
    static final int CONNECT = number(42, 203);
    static final int SENDTO = number(44, 206);
    static final int RECVFROM = number(45, 207);
    static final int SENDMSG = number(46, 211);
    static final int RECVMSG = number(47, 212);
    static final int SHUTDOWN = number(48, 210);
    static final int BIND = number(49, 200);
    static final int LISTEN = number(50, 201);
    static final int GETSOCKNAME = number(51, 204);
    static final int GETPEERNAME = number(52, 205);
    static final int SETSOCKOPT = number(54, 208);
    static final int GETSOCKOPT = number(55, 209);
    static final int KILL = number(62, 129);
    static final int FCNTL = number(72, 25);
    static final int STATFS = number(137, 43);
    static final int EPOLL_CTL = number(233, 21);
    static final int WAITID = number(247, 95);
    static final int OPENAT = number(257, 56);
    static final int EPOLL_PWAIT = number(281, 22);
    static final int ACCEPT4 = number(288, 242);
    static final int EVENTFD2 = number(290, 19);
    static final int EPOLL_CREATE1 = number(291, 20);
    static final int PIPE2 = number(293, 59);
    static final int PREADV2 = number(327, 286);
    static final int STATX = number(332, 291);
    static final int PIDFD_SEND_SIGNAL = number(424, 424);
    static final int IO_URING_SETUP = number(425, 425);
    static final int IO_URING_ENTER = number(426, 426);
    static final int IO_URING_REGISTER = number(427, 427);
    static final int PIDFD_OPEN = number(434, 434);
    static final int OPENAT2 = number(437, 437);
    static final int EPOLL_PWAIT2 = number(441, 441);

    private SyscallNumbers() {}

    /** Whether the numbers are known here. */
    static boolean areKnown() {
        return isX86() || isArm();
    }

    private static boolean isX86() {
        return PROCESSOR.equals("amd64") || PROCESSOR.equals("x86_64");
    }

    private static boolean isArm() {
        return PROCESSOR.equals("aarch64");
    }

    private static int number(int x86, int arm) {
        return isX86() ? x86 : isArm() ? arm : -1;
    }
}
