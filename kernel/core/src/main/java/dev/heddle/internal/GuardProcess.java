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
 * something else does, the next order starts another one.
 *
 * <p>A number may be another process's when the guard comes to it. It kills only what {@link GuardedProcess} proves.
 * Without {@code /proc} it goes by what ps(1) says of a start, to the second, from when it first hears of the process.
 *
 * <p>It needs {@code /bin/sh}; without one, or without {@code setsid} and {@code /proc}, it does what can be done.
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
     * What it asks of the system: {@code look} sets what there is to know of a process now, {@code send} gives a signal
     * to a process or, by a negative number, to a group.
     */
    private static final String SYSTEM = """
            if [ -d /proc/self ]; then
                look() {
                    stat=
                    read -r stat <"/proc/$1/stat" || return 1
                    set -- ${stat##*)}
                    state=$1 parent=$2 group=$3 session=$4
                    shift 19
                    start=$1
                }
                children() {
                    for list in "/proc/$1/task/"*/children; do
                        children=
                        read -r children <"$list"
                        echo $children
                    done
                }
                everyone() {
                    for each in /proc/[0-9]*; do
                        echo "${each#/proc/}"
                    done
                }
                carries() {
                    grep -qF -e "$2" "/proc/$1/environ"
                }
                note() {
                    :
                }
            else
                look() {
                    set -- $(LC_ALL=C TZ=UTC0 ps -o state= -o ppid= -o pgid= -o lstart= -p "$1")
                    [ $# -gt 3 ] || return 1
                    state=${1%"${1#?}"} parent=$2 group=$3 session=0
                    shift 3
                    start=$(IFS=_; echo "$*")
                }
                children() {
                    pgrep -P "$1"
                }
                everyone() {
                    :
                }
                carries() {
                    false
                }
                note() {
                    look "$1" && eval "start_$1=\\$start"
                }
            fi
            send() {
                kill -s "$1" -- "$2"
            }
            """;

    /**
     * A tree is followed from parent to child, inside of a session, top down, each process stopped first so that it
     * gets no further children; what has lost its parent is found by its group.
     *
     * <p>A number is only where to look. A process that stands still keeps its own, so each is stopped, looked at once
     * more, and goes on if it is not what it was taken for: root by its start, child by its parent, which stands still,
     * member of a group by what proves the group to be ours. See {@link GuardedProcess}.
     */
    static final String RULES = """
            cd /
            trap '' HUP INT QUIT TERM
            newline='
            '
            owned=$newline
            same() {
                look "$1" && [ "$state" != Z ] && [ "$state" != X ] || return 1
                [ "$2" = - ] || [ "$2" = "$parent" ] || return 1
                [ "$3" = - ] || [ "$3" = "$start" ] || return 1
                [ "$4" = - ] || [ "$4" = "$session" ]
            }
            end() {
                same "$@" || return 1
                send STOP "$1"
                if same "$@"; then
                    [ "$group" = "$1" ] && set -- "$1" "$session" "-$1" || set -- "$1" "$session" "$1"
                    for child in $(children "$1"); do
                        end "$child" "$1" - "$2"
                    done
                    send KILL "$3"
                else
                    send CONT "$1"
                    return 1
                fi
            }
            proves() {
                if [ "$session" = "$2" ] && [ "$4" != - ] && carries "$1" "$4"; then
                    return 0
                fi
                [ "$5" != - ] && [ "$start" -le "$5" ] && return 0
                [ "$3" != - ] && look "$2" && [ "$start" = "$3" ]
            }
            rest() {
                send 0 "-$1" || return
                for member in $(everyone); do
                    look "$member" && [ "$group" = "$1" ] && [ "$state" != Z ] || continue
                    began=$start
                    proves "$member" "$@" || continue
                    send STOP "$member"
                    if look "$member" && [ "$group" = "$1" ] && [ "$start" = "$began" ] && [ "$state" != Z ]; then
                        send KILL "-$1"
                        return
                    fi
                    send CONT "$member"
                done
            }
            finish() {
                [ "$2" != - ] || eval "set -- $1 \\${start_$1:--} $3 $4"
                [ "$2" != - ] && end "$1" - "$2" - || rest "$@"
            }
            while read -r order what; do
                case $order in
                +)
                    owned=$owned$what$newline
                    case $what in
                    /*) ;;
                    *) note ${what%% *} ;;
                    esac
                    ;;
                -) owned=${owned%%"$newline$what$newline"*}$newline${owned#*"$newline$what$newline"} ;;
                !) finish $what ;;
                esac
            done
            set -f
            IFS=$newline
            set -- $owned
            unset IFS
            set +f
            for what in "$@"; do
                case $what in
                /*) rm -f "$what"/*; rmdir "$what" ;;
                *) finish $what ;;
                esac
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

    /** From now on a directory of plain files goes with this JVM. */
    public static void own(Path directory) {
        add(directory.toString());
    }

    static synchronized void add(String what) {
        prepare();
        if (OWNED.add(what)) {
            tell("+ " + what + "\n");
        }
    }

    /** A directory is gone, or somebody else's. */
    public static void disown(Path directory) {
        remove(directory.toString());
    }

    static synchronized void remove(String what) {
        if (OWNED.remove(what)) {
            tell("- " + what + "\n");
        }
    }

    /** An owned process is known by other words, if it is still owned. */
    static synchronized void replace(String before, String after) {
        if (OWNED.contains(before)) {
            add(after);
            remove(before);
        }
    }

    /** Ends what is left of an owned process, soon. */
    static synchronized void finish(String what) {
        if (OWNED.contains(what)) {
            tell("! " + what + "\n");
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
                ? new ProcessBuilder("/bin/sh", "-c", START, SYSTEM + RULES)
                : new ProcessBuilder("/bin/sh", "-c", SYSTEM + RULES);
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
