package dev.heddle.internal;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * The tree of a process: what it has started and these have, and so on, from parent to child. What has begun a session
 * of its own, as daemons do, has left it, where the system tells sessions: proc(5).
 *
 * <p>The system finds children by the number of their parent, and gives the number of a process that has ended and was
 * waited for to another. So a tree is that of a {@link ProcessHandle}, which knows when its process started, and counts
 * only if the process is still there after the look: then no other has had its number meanwhile.
 *
 * <p>Threads: any.
 */
public final class ProcessTree {

    private ProcessTree() {}

    /**
     * What is below a process now; nothing once it has ended. To kill a tree, ask for it, then kill the process itself,
     * which then starts no others, and then these.
     */
    public static List<ProcessHandle> below(ProcessHandle root) {
        return below(root, ProcessTree::session);
    }

    private static String session(long pid) {
        return ProcessStat.of(pid).session();
    }

    static List<ProcessHandle> below(ProcessHandle root, LongFunction<String> sessions) {
        List<ProcessHandle> all = root.descendants().toList(); // each after its parent
        if (all.isEmpty()) {
            return all;
        }
        String session = sessions.apply(root.pid());
        boolean leads = session.equals(Long.toString(root.pid()));
        Set<ProcessHandle> below = new LinkedHashSet<>();
        for (ProcessHandle each : all) {
            boolean isBelow = each.parent().filter(parent -> parent.equals(root) || below.contains(parent)).isPresent();
            // Its parent may just have ended; a session has no other members than what its leader has started.
            if ((isBelow || leads) && sessions.apply(each.pid()).equals(session) && each.isAlive()) {
                below.add(each);
            }
        }
        return root.isAlive() ? List.copyOf(below) : List.of();
    }

    /** Kills a process with what is below it; does nothing once it has ended. */
    public static void kill(ProcessHandle root) {
        kill(root, ProcessTree::session);
    }

    static void kill(ProcessHandle root, LongFunction<String> sessions) {
        List<ProcessHandle> below = below(root, sessions);
        root.destroyForcibly();
        below.forEach(ProcessHandle::destroyForcibly);
    }
}
