package dev.heddle.linux;

import dev.heddle.engine.ExitStatus;
import dev.heddle.linux.internal.Errno;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * A descriptor that stands for one process and never for another: pidfd_open(2), pidfd_send_signal(2), waitid(2) with
 * {@code P_PIDFD}. It is readable once the process has ended. Since Linux 5.4.
 *
 * <p>Threads: any, one at a time.
 */
final class Pidfd {

    private static final int P_PIDFD = 3;
    private static final int WNOHANG = 0x1;
    private static final int WEXITED = 0x4;
    private static final int WNOWAIT = 0x1000000;

    // siginfo_t, in the common part and that of SIGCHLD: sigaction(2)
    private static final int SIGINFO_BYTES = 128;
    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;
    private static final int CLD_EXITED = 1;
    private static final int CLD_DUMPED = 3;

    private final int descriptor;

    private Pidfd(int descriptor) {
        this.descriptor = descriptor;
    }

    /** The descriptor of a child that is not yet reaped. Closed by exec(2). */
    static Pidfd open(int pid) throws IOException {
        return new Pidfd((int) Errno.check(SystemCalls.anyThread(SyscallNumbers.PIDFD_OPEN, pid, 0, 0, 0, 0, 0)));
    }

    /** Whether this kernel has them and allows them. */
    static boolean areThere() {
        try {
            Pidfd self = open((int) ProcessHandle.current().pid());
            try {
                // We are no child of ours: the kernel says so only if it knows what was asked.
                return self.wait(WEXITED | WNOHANG) == -Errno.ECHILD && self.signal(0) == 0;
            } finally {
                self.close();
            }
        } catch (IOException e) {
            return false;
        }
    }

    int descriptor() {
        return descriptor;
    }

    /** Sends a signal; gives zero, or the negative error. */
    long signal(int signal) {
        return SystemCalls.anyThread(SyscallNumbers.PIDFD_SEND_SIGNAL, descriptor, signal, 0, 0, 0, 0);
    }

    /** How the process ended, and takes it out of the system's table; empty while it runs. */
    Optional<ExitStatus> tryReap() {
        return status(WEXITED | WNOHANG);
    }

    /**
     * How the process ended, and leaves it in the system's table, so that no other gets its number; empty while it
     * runs.
     */
    Optional<ExitStatus> tryLook() {
        return status(WEXITED | WNOHANG | WNOWAIT);
    }

    /** Blocks until the process has ended, and takes it out of the system's table. */
    void reap() {
        while (wait(WEXITED) == -Errno.EINTR) {
            // A signal came in between, which means nothing here.
        }
    }

    private long wait(int options) {
        return SystemCalls.anyThread(SyscallNumbers.WAITID, P_PIDFD, descriptor, 0, options, 0, 0);
    }

    private Optional<ExitStatus> status(int options) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIGINFO_BYTES, Long.BYTES);
            long result = new SystemCalls(arena).call(SyscallNumbers.WAITID, P_PIDFD, descriptor, info.address(),
                    options);
            if (result < 0) {
                return result == -Errno.ECHILD ? Optional.of(ExitStatus.UNKNOWN) : Optional.empty();
            }
            if (info.get(ValueLayout.JAVA_INT, SI_PID) == 0) {
                return Optional.empty();
            }
            int code = info.get(ValueLayout.JAVA_INT, SI_CODE);
            int value = info.get(ValueLayout.JAVA_INT, SI_STATUS);
            return Optional.of(
                    code == CLD_EXITED ? ExitStatus.exited(value) : ExitStatus.killed(value, code == CLD_DUMPED));
        }
    }

    void close() {
        SystemCalls.anyThread(SyscallNumbers.CLOSE, descriptor, 0, 0, 0, 0, 0);
    }
}
