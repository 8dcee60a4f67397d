package dev.heddle.linux.internal;

/** The numbers of system calls, which differ between processors: syscalls(2), and the kernel's own tables. */
public final class SyscallNumbers {

    private static final String PROCESSOR = System.getProperty("os.arch");

    public static final int READ = number(0, 63);
    public static final int WRITE = number(1, 64);
    public static final int CLOSE = number(3, 57);
    public static final int MMAP = number(9, 222);
    public static final int MUNMAP = number(11, 215);
    public static final int PPOLL = number(271, 73);
    public static final int SENDFILE = number(40, 71);
    public static final int SOCKET = number(41, 198);
    public static final int CONNECT = number(42, 203);
    public static final int SENDTO = number(44, 206);
    public static final int RECVFROM = number(45, 207);
    public static final int SENDMSG = number(46, 211);
    public static final int RECVMSG = number(47, 212);
    public static final int SHUTDOWN = number(48, 210);
    public static final int BIND = number(49, 200);
    public static final int LISTEN = number(50, 201);
    public static final int GETSOCKNAME = number(51, 204);
    public static final int GETPEERNAME = number(52, 205);
    public static final int SETSOCKOPT = number(54, 208);
    public static final int GETSOCKOPT = number(55, 209);
    public static final int KILL = number(62, 129);
    public static final int FCNTL = number(72, 25);
    public static final int STATFS = number(137, 43);
    public static final int EPOLL_CTL = number(233, 21);
    public static final int WAITID = number(247, 95);
    public static final int OPENAT = number(257, 56);
    public static final int EPOLL_PWAIT = number(281, 22);
    public static final int ACCEPT4 = number(288, 242);
    public static final int EVENTFD2 = number(290, 19);
    public static final int EPOLL_CREATE1 = number(291, 20);
    public static final int PIPE2 = number(293, 59);
    public static final int PREADV2 = number(327, 286);
    public static final int STATX = number(332, 291);
    public static final int PIDFD_SEND_SIGNAL = number(424, 424);
    public static final int IO_URING_SETUP = number(425, 425);
    public static final int IO_URING_ENTER = number(426, 426);
    public static final int IO_URING_REGISTER = number(427, 427);
    public static final int PIDFD_OPEN = number(434, 434);
    public static final int OPENAT2 = number(437, 437);
    public static final int EPOLL_PWAIT2 = number(441, 441);

    private SyscallNumbers() {}

    /** Whether the numbers are known here. */
    public static boolean areKnown() {
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
