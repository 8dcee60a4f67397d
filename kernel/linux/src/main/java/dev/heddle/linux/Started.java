package dev.heddle.linux;

import dev.heddle.engine.SpawnRequest;
import dev.heddle.internal.GuardProcess;
import dev.heddle.internal.GuardedProcess;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/** A process that was just started, with what this process holds of it. */
final class Started {

    private static final int SIGKILL = 9;
    private static final int P_PID = 1;
    private static final int WEXITED = 0x4;

    final int pid;

    /** What stands for it. */
    final Pidfd pidfd;

    /** Null if it is detached. */
    private final @Nullable GuardedProcess guarded;

    /** Our ends of its pipes, or {@link StandardDescriptors#NONE}. */
    final int[] ours;

    private Started(int pid, Pidfd pidfd, @Nullable GuardedProcess guarded, int[] ours) {
        this.pid = pid;
        this.pidfd = pidfd;
        this.guarded = guarded;
        this.ours = ours;
    }

    /** Starts it; blocks until its program has begun to run. */
    static Started start(SpawnRequest request) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            StandardDescriptors standard = StandardDescriptors.open(arena, request);
            boolean done = false;
            try {
                if (!request.detached()) {
                    GuardProcess.prepare();
                }
                int pid = PosixSpawn.spawn(request, standard.childs);
                GuardedProcess guarded = request.detached() ? null : GuardedProcess.ofUnreaped(pid);
                var started = new Started(pid, pidfd(pid, guarded), guarded, standard.ours);
                done = true;
                return started;
            } finally {
                standard.closeChilds();
                if (!done) {
                    standard.closeOurs();
                }
            }
        }
    }

    /** Nobody reaps the child but us, so its number is still its own. */
    private static Pidfd pidfd(int pid, @Nullable GuardedProcess guarded) throws IOException {
        try {
            return Pidfd.open(pid);
        } catch (IOException e) {
            if (guarded != null) {
                guarded.release();
            }
            SystemCalls.anyThread(SyscallNumbers.KILL, pid, SIGKILL, 0, 0, 0, 0);
            SystemCalls.anyThread(SyscallNumbers.WAITID, P_PID, pid, 0, WEXITED, 0, 0);
            throw e;
        }
    }

    /** It has ended, and is not reaped: its group is ours. */
    void ended() {
        if (guarded != null) {
            guarded.ended();
        }
    }

    /** It need not end with this JVM any more, or is about to be reaped. Idempotent. */
    void release() {
        if (guarded != null) {
            guarded.release();
        }
    }

    /** Gives it up: no loop will ever hear of it. Blocks until it has ended. */
    void giveUp() {
        release();
        pidfd.signal(SIGKILL);
        pidfd.reap();
        pidfd.close();
    }
}
