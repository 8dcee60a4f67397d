package dev.heddle.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The tree of a process: what it has started and these have, and so on, from parent to child. What has begun a session
 * of its own, as daemons do, has left it, where the system tells sessions: proc(5).
 *
 * <p>Threads: any.
 */
public final class ProcessTree {

    private static final String UNKNOWN = "";

    /** The fourth of the fields behind the name of the program, which may have spaces. */
    private static final int SESSION = 4;

    private ProcessTree() {}

    /**
     * What is below a process now. To kill a tree, ask for it, then kill the process itself, which then starts no
     * others, and then these.
     */
    public static List<ProcessHandle> below(long root) {
        List<ProcessHandle> all = ProcessHandle.of(root).stream().flatMap(ProcessHandle::descendants).toList();
        if (all.isEmpty()) {
            return all;
        }
        String session = session(root);
        return all.stream().filter(each -> session(each.pid()).equals(session)).toList();
    }

    private static String session(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')')).split(" ", SESSION + 2)[SESSION];
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
