package dev.heddle.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The description of a process to be started. The child gets its three standard streams and no other descriptor, and
 * signals as a fresh process has them.
 *
 * @param executable the program's file; relative to {@code directory}
 * @param command the arguments that the program sees, beginning with its own name
 * @param directory where it starts; empty for the directory of this process
 * @param environment all its variables
 * @param stdin its standard input
 * @param stdout its standard output
 * @param stderr its standard error
 * @param ownGroup whether it leads a process group of its own, setpgid(2), which {@link Child#signal} then reaches as a
 *     whole
 * @param detached whether it begins a session of its own, setsid(2), and may outlive this process
 */
public record SpawnRequest(
        Path executable,
        List<String> command,
        Path directory,
        Map<String, String> environment,
        Stdio stdin,
        Stdio stdout,
        Stdio stderr,
        boolean ownGroup,
        boolean detached) {

    /** Checks what the system would cut off or take for something else. */
    public SpawnRequest {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command is empty");
        }
        for (String argument : command) {
            refuseNul("the argument", argument);
        }
        environment.forEach((name, value) -> {
            refuseNul("the name of the variable", name);
            refuseNul("the value of the variable " + name, value);
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException("\"" + name + "\" cannot name a variable of the environment");
            }
        });
        if (stdin == Stdio.MERGE || stdout == Stdio.MERGE) {
            throw new IllegalArgumentException("only the standard error can be merged, into the standard output");
        }
        if (stdin instanceof Stdio.ToFile file && file.append()) {
            throw new IllegalArgumentException("the standard input cannot append to " + file.path());
        }
    }

    private static void refuseNul(String what, String text) {
        int at = text.indexOf('\0');
        if (at >= 0) {
            throw new IllegalArgumentException(
                    what + " \"" + text.replace("\0", "\\0") + "\" has the character NUL at " + at
                            + ", where C ends it");
        }
    }
}
