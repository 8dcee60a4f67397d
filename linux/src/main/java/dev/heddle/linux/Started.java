package dev.heddle.linux;

import dev.heddle.engine.SpawnRequest;
import dev.heddle.internal.GuardProcess;
import java.io.IOException;
import java.lang.foreign.Arena;

/** A process that was just started, with what this process holds of it. */
final class Started {

    private static final int SIGKILL = 9;
    private static final int P_PID = 1;
    private static final int WEXITED = 0x4;

    final int pid;

    /** What stands for it. */
    final Pidfd pidfd;

    /** Our ends of its pipes, or {@link StandardDescriptors#NONE}. */
    final int[] ours;

    private Started(int pid, Pidfd pidfd, int[] ours) {
        this.pid = pid;
        this.pidfd = pidfd;
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
                if (!request.detached()) {
                    GuardProcess.own(pid);
                }
                var started = new Started(pid, pidfd(pid), standard.ours);
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
    private static Pidfd pidfd(int pid) throws IOException {
        try {
            return Pidfd.open(pid);
        } catch (IOException e) {
            GuardProcess.disown(pid);
            Kernel.anyThread(SyscallNumbers.KILL, pid, SIGKILL, 0, 0, 0, 0);
            Kernel.anyThread(SyscallNumbers.WAITID, P_PID, pid, 0, WEXITED, 0, 0);
            throw e;
        }
    }

    /** Gives it up: no loop will ever hear of it. Blocks until it has ended. */
    void giveUp() {
        GuardProcess.disown(pid);
        pidfd.signal(SIGKILL);
        pidfd.reap();
        pidfd.close();
    }
}
