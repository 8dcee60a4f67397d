package dev.heddle.internal;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The guard process: a shell that outlives this JVM for a moment, whatever ends that, and then kills the processes and
 * removes the directories that were told to it. It learns of the end from that of its input, which the kernel closes.
 * There is one for each JVM that owns something, from the first time on.
 *
 * <p>It is no child of this JVM, and in a session of its own, so that what ends a group or a tree does not end it. If
 * something else does, the next order starts another one. It needs {@code /bin/sh}; without one, or without {@code
 * setsid} and {@code /proc}, it does what can be done.
 *
 * <p>Threads: any. A call blocks for as long as it takes to start a shell the first time, and otherwise for a write to
 * a pipe.
 */
public final class GuardProcess {

    /** Waits until its input is open at both ends of {@code /proc}, and leaves the guard to the system. */
    private static final String START = """
            read -r go
            exec 3<&0
            if command -v setsid >/dev/null; then
                setsid /bin/sh -c "$0" guard <&3 3<&- &
            else
                /bin/sh -c "$0" guard <&3 3<&- &
            fi
            """;

    /**
     * A tree is followed from parent to child, inside of a session, top down, each process stopped first so that it
     * gets no further children; what has lost its parent is found by its group.
     */
    private static final String GUARD = """
            cd /
            trap '' HUP INT QUIT TERM
            newline='
            '
            owned=$newline
            session() {
                stat=
                read -r stat <"/proc/$1/stat"
                set -- ${stat##*)}
                session=$4
            }
            below() {
                if [ -d "/proc/$1/task" ]; then
                    for list in "/proc/$1/task/"*/children; do
                        children=
                        read -r children <"$list"
                        for child in $children; do
                            session "$child"
                            [ "$session" = "$2" ] && echo "$child"
                        done
                    done
                else
                    pgrep -P "$1"
                fi
            }
            end() {
                kill -s STOP "$1"
                for each in $(below "$1" "$2"); do
                    end "$each" "$2"
                done
                kill -s KILL "$1"
            }
            while read -r order what; do
                case $order in
                +) owned=$owned$what$newline ;;
                -) owned=${owned%%"$newline$what$newline"*}$newline${owned#*"$newline$what$newline"} ;;
                !) kill -s KILL -- "-$what" ;;
                esac
            done
            set -f
            IFS=$newline
            set -- $owned
            unset IFS
            set +f
            while [ $# -gt 0 ]; do
                case $1 in
                /*) rm -f "$1"/*; rmdir "$1" ;;
                *) session "$1"; end "$1" "$session"; kill -s KILL -- "-$1" ;;
                esac
                shift
            done
            """;

    private static final Set<String> OWNED = new LinkedHashSet<>();

    /** Its input; null while there is none. */
    private static @Nullable OutputStream input;

    private GuardProcess() {}

    /** Has a guard be there, so that what is started next can be told to it at once. */
    public static synchronized void prepare() {
        if (input == null) {
            tell("");
        }
    }

    /**
     * From now on a process ends with this JVM: with what it has below it in its session, and its group if it leads
     * one.
     */
    public static void own(long pid) {
        add(Long.toString(pid));
    }

    /** From now on a directory of plain files goes with this JVM. */
    public static void own(Path directory) {
        add(directory.toString());
    }

    private static synchronized void add(String what) {
        prepare();
        if (OWNED.add(what)) {
            tell("+ " + what + "\n");
        }
    }

    /** A process need not end with this JVM any more; before its number may be another's. */
    public static void disown(long pid) {
        remove(Long.toString(pid));
    }

    /** A directory is gone, or somebody else's. */
    public static void disown(Path directory) {
        remove(directory.toString());
    }

    private static synchronized void remove(String what) {
        if (OWNED.remove(what)) {
            tell("- " + what + "\n");
        }
    }

    /** Kills what is left of the group of an owned process, soon. */
    public static synchronized void killGroup(long leader) {
        if (OWNED.contains(Long.toString(leader))) {
            tell("! " + leader + "\n");
        }
    }

    /** Gives an order, to a new guard if there is none any more. */
    private static void tell(String order) {
        try {
            if (input != null) {
                write(input, order);
                return;
            }
        } catch (IOException e) {
            // Somebody has ended it.
        }
        try {
            OutputStream opened = start();
            StringBuilder all = new StringBuilder();
            OWNED.forEach(each -> all.append("+ ").append(each).append('\n'));
            write(opened, all + (order.startsWith("!") ? order : ""));
            input = opened;
        } catch (IOException e) {
            input = null; // As where there is no shell: then nothing guards.
        }
    }

    private static void write(OutputStream to, String orders) throws IOException {
        to.write(orders.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding"))));
        to.flush();
    }

    private static OutputStream start() throws IOException {
        boolean linux = new File("/proc/self/fd").isDirectory();
        ProcessBuilder builder = linux
                ? new ProcessBuilder("/bin/sh", "-c", START, GUARD)
                : new ProcessBuilder("/bin/sh", "-c", GUARD);
        builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        builder.environment().keySet().retainAll(Set.of("PATH"));
        Process shell = builder.start();
        if (!linux) {
            return shell.getOutputStream();
        }
        // Its input once more: that of the shell is closed by Java as soon as the shell has left the guard alone.
        var opened = new FileOutputStream("/proc/" + shell.pid() + "/fd/0");
        write(shell.getOutputStream(), "\n");
        shell.onExit().join();
        return opened;
    }
}
