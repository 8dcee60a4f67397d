package dev.heddle.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that ends with this JVM: with what it has below it in its session, and its group if it leads one.
 *
 * <p>The guard acts when the process may have ended and its number be another's. So it is told what only this process
 * has, and kills nothing without such a proof:
 *
 * <ul>
 *   <li>when it started, for the process itself;
 *   <li>for a group whose leader has ended, a member that started before {@linkplain #ended the last moment} at which
 *       the number was the leader's for sure, or one in its session with the mark of the leader in its environment. No
 *       number is given to another while it is that of a group.
 * </ul>
 *
 * <p>Two starts are told apart if they are a tick of the system away from each other, mostly 10 ms. A member without
 * such a proof lives on.
 *
 * <p>Threads: any, but a loop only inside of its tasks.
 */
public final class GuardedProcess {

    private static final String NONE = "-";

    private final String identity;
    private String entry;

    private GuardedProcess(long pid, String start, String mark) {
        this.identity = pid + " " + start + " " + mark + " ";
        this.entry = identity + NONE;
        GuardProcess.add(entry);
    }

    /** A child that Java waits for, and so may have ended already. */
    public static GuardedProcess of(ProcessHandle child) {
        return of(child, NONE);
    }

    /**
     * A child that Java waits for, and that leads a session.
     *
     * @param mark a variable of its environment, {@code NAME=VALUE}, that no other child has
     */
    public static GuardedProcess of(ProcessHandle child, String mark) {
        String start = ProcessStat.of(child.pid()).start();
        return new GuardedProcess(child.pid(), child.isAlive() ? start : NONE, mark);
    }

    /** A child that nobody waits for before {@link #release}, so that its number stays its own. */
    public static GuardedProcess ofUnreaped(long pid) {
        return new GuardedProcess(pid, ProcessStat.of(pid).start(), NONE);
    }

    /**
     * The process has ended, and nobody has waited for it yet: whatever of its group started before now is ours.
     * Idempotent.
     */
    public synchronized void ended() {
        if (!entry.endsWith(NONE)) {
            return;
        }
        try {
            String uptime = Files.readString(Path.of("/proc/uptime"), StandardCharsets.ISO_8859_1);
            String ticks = uptime.substring(0, uptime.indexOf(' ')).replace(".", "");
            String before = entry;
            entry = identity + ticks;
            GuardProcess.replace(before, entry);
        } catch (IOException e) {
            // Then the guard finds its group while it is not reaped only.
        }
    }

    /** Has the guard end what is left of its tree and group, soon. */
    public synchronized void endGroup() {
        GuardProcess.finish(entry);
    }

    /** The process need not end with this JVM any more. Idempotent. */
    public synchronized void release() {
        GuardProcess.remove(entry);
    }
}
