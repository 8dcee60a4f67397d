package dev.heddle.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is killed by a number that is another's by now: by a kill of a tree, and by the guard. Histories by chance,
 * in which each number is another's as soon as it can be.
 */
@Tag("full")
final class NumbersOfProcessesTest {

    private static final int TREES = Integer.getInteger("heddle.numbers.trees", 20_000);
    private static final int GUARDS = Integer.getInteger("heddle.numbers.guards", 400);

    /** A fault that is planted has so many times longer to be found. */
    private static final int MANY = 10;

    /** As {@link FakeProcesses} answers, in the place of the system. */
    private static final String SYSTEM = """
            exec 4>&1 5<"$1"
            ask() {
                echo "$*" >&4
                read -r answer <&5
            }
            look() {
                ask look "$1"
                set -- $answer
                [ $# -gt 1 ] || return 1
                state=$1 parent=$2 group=$3 session=$4 start=$5
            }
            children() {
                ask children "$1"
                echo $answer
            }
            everyone() {
                ask everyone
                echo $answer
            }
            carries() {
                ask carries "$1" "$2"
                [ "$answer" = true ]
            }
            note() {
                :
            }
            send() {
                ask send "$1" "$2"
                [ "$answer" = true ]
            }
            """;

    private static final String SAME_START = "[ \"$3\" = - ] || [ \"$3\" = \"$start\" ] || return 1";
    private static final String SAME_PARENT = "[ \"$2\" = - ] || [ \"$2\" = \"$parent\" ] || return 1";
    private static final String PROOF = "proves \"$member\" \"$@\" || continue";

    @TempDir
    private Path directory;

    private Path answers;

    @BeforeEach
    void makePipe() throws Exception {
        answers = directory.resolve("answers");
        assertEquals(0, new ProcessBuilder("mkfifo", answers.toString()).start().waitFor());
    }

    // ---- a kill of a tree, by this JVM ----

    private static List<FakeProcesses.Entry> victimsOfKills(
            BiConsumer<ProcessHandle, FakeProcesses> kill, boolean quiet) {
        List<FakeProcesses.Entry> victims = new ArrayList<>();
        for (long seed = 0; seed < TREES; seed++) {
            var processes = new FakeProcesses(seed);
            FakeProcesses.Entry child = processes.child(seed % 3 > 0, seed % 3 > 1, FakeProcesses.NO_MARK);
            ProcessHandle handle = processes.handle(child);
            processes.happen((int) (seed % 30));
            processes.storm(quiet ? 0 : 3);
            Set<FakeProcesses.Entry> below = quiet && child.runs() ? below(processes, child) : Set.of();
            kill.accept(handle, processes);
            kill.accept(handle, processes);
            victims.addAll(processes.victims());
            assertEquals(List.of(), below.stream().filter(FakeProcesses.Entry::runs).toList(), "of " + seed);
        }
        return victims;
    }

    private static Set<FakeProcesses.Entry> below(FakeProcesses processes, FakeProcesses.Entry root) {
        Set<FakeProcesses.Entry> below = new HashSet<>(Set.of(root));
        processes.children(root.pid)
                .filter(child -> child.session == root.session)
                .forEach(child -> below.addAll(below(processes, child)));
        return below;
    }

    private static void kill(ProcessHandle handle, FakeProcesses processes) {
        ProcessTree.kill(handle, pid -> processes.look(pid).map(entry -> "" + entry.session).orElse("-"));
    }

    @Test
    void killReachesNoStranger() {
        assertEquals(List.of(), victimsOfKills(NumbersOfProcessesTest::kill, false));
    }

    @Test
    void killReachesAllThatIsBelow() {
        assertEquals(List.of(), victimsOfKills(NumbersOfProcessesTest::kill, true));
    }

    @Test
    void killByANumberAloneIsFound() {
        assertTrue(victimsOfKills(
                (handle, processes) -> handle.descendants().toList().forEach(ProcessHandle::destroyForcibly), false)
                .size() > 0);
    }

    // ---- the guard ----

    /** How a child is started and waited for. */
    private enum Kind { WORKER, GROUP, PLAIN }

    /** One history: a child lives, this JVM lets it go or ends, and the guard does what it must. */
    private final class History {

        private final long seed;
        private final boolean quiet;
        private final Kind kind;
        private final FakeProcesses processes;
        private final FakeProcesses.Entry child;
        private final String mark;
        private String entry;

        History(long seed, boolean quiet) {
            this.seed = seed;
            this.quiet = quiet;
            this.kind = Kind.values()[(int) (seed % Kind.values().length)];
            this.processes = new FakeProcesses(seed);
            this.mark = kind == Kind.WORKER ? "MARK=" + seed : FakeProcesses.NO_MARK;
            this.child = processes.child(kind == Kind.GROUP, kind == Kind.WORKER, mark);
            if (kind == Kind.GROUP) {
                processes.keep(child.pid);
            } else {
                processes.happen((int) (seed / 3 % 2) * 4);
            }
            boolean is = processes.look(child.pid).filter(now -> now == child).isPresent();
            this.entry = child.pid + " " + (is ? child.start : "-") + " " + mark + " ";
        }

        List<FakeProcesses.Entry> victims(String rules) throws Exception {
            String end = "-";
            for (int i = 0; i < seed % 23; i++) {
                processes.happen(1);
                if (kind == Kind.GROUP && end.equals("-") && !child.runs() && seed % 2 == 0) {
                    end = "" + processes.ticks();
                }
            }
            entry += end;
            boolean letGo = kind == Kind.WORKER && !child.runs() && seed % 2 == 0;
            if (!letGo) {
                processes.endOfJvm();
            }
            processes.storm(quiet ? 0 : 3);
            Set<FakeProcesses.Entry> expected = quiet ? expected() : Set.of();
            guard(rules, "+ " + entry + "\n" + (letGo ? "! " + entry + "\n- " + entry + "\n" : ""));
            assertEquals(List.of(), expected.stream().filter(FakeProcesses.Entry::runs).toList(), this::toString);
            assertEquals(List.of(), processes.all().stream().filter(each -> each.state == 'T').toList(),
                    this::toString);
            return processes.victims();
        }

        private Set<FakeProcesses.Entry> expected() {
            boolean is = processes.look(child.pid).filter(now -> now == child).isPresent();
            Set<FakeProcesses.Entry> expected = new HashSet<>(child.runs() ? below(processes, child) : Set.of());
            if (is || kind != Kind.PLAIN && !entry.endsWith("- -")) {
                processes.all().stream()
                        .filter(each -> each.isOurs && each.group == child.pid)
                        .filter(each -> is || kind == Kind.WORKER || !entry.endsWith(" -"))
                        .forEach(expected::add);
            }
            return expected;
        }

        private void guard(String rules, String orders) throws Exception {
            File errors = directory.resolve("errors").toFile();
            Process shell = new ProcessBuilder("/bin/sh", "-c", SYSTEM + rules, "guard", answers.toString())
                    .redirectError(errors)
                    .start();
            try (OutputStream to = new FileOutputStream(answers.toFile());
                    var asked = new BufferedReader(
                            new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8))) {
                try (OutputStream stdin = shell.getOutputStream()) {
                    stdin.write(orders.getBytes(StandardCharsets.UTF_8));
                }
                for (String line = asked.readLine(); line != null; line = asked.readLine()) {
                    to.write((answer(line.split(" ")) + "\n").getBytes(StandardCharsets.UTF_8));
                }
                shell.waitFor();
                assertEquals("", Files.readString(errors.toPath()), this::toString);
            } finally {
                shell.destroyForcibly();
            }
        }

        private String answer(String[] asked) throws IOException {
            return switch (asked[0]) {
                case "look" -> processes.look(Long.parseLong(asked[1]))
                        .map(now -> now.state + " " + now.parent + " " + now.group + " " + now.session + " "
                                + now.start)
                        .orElse("");
                case "children" -> numbers(processes.children(Long.parseLong(asked[1])));
                case "everyone" -> numbers(processes.all().stream());
                case "carries" -> "" + processes.look(Long.parseLong(asked[1]))
                        .filter(now -> now.mark.equals(asked[2]))
                        .isPresent();
                case "send" -> "" + processes.send(asked[1], Long.parseLong(asked[2]));
                default -> throw new IOException(asked[0]);
            };
        }

        private static String numbers(Stream<FakeProcesses.Entry> all) {
            return all.map(each -> "" + each.pid).collect(Collectors.joining(" "));
        }

        @Override
        public String toString() {
            return seed + " " + kind + " " + entry + " " + child;
        }
    }

    private List<FakeProcesses.Entry> victimsOfGuards(String rules, boolean quiet) throws Exception {
        List<FakeProcesses.Entry> victims = new ArrayList<>();
        for (long seed = 0; seed < GUARDS; seed++) {
            victims.addAll(new History(seed, quiet).victims(rules));
        }
        return victims;
    }

    private void assertIsFound(String fault, String instead) throws Exception {
        String rules = GuardProcess.RULES.replace(fault, instead);
        assertTrue(!rules.equals(GuardProcess.RULES), fault);
        boolean found = false;
        for (long seed = 0; seed < MANY * GUARDS && !found; seed++) {
            found = !new History(seed, false).victims(rules).isEmpty();
        }
        assertTrue(found, fault);
    }

    @Test
    void guardReachesNoStranger() throws Exception {
        assertEquals(List.of(), victimsOfGuards(GuardProcess.RULES, false));
    }

    @Test
    void guardReachesAllThatMustEnd() throws Exception {
        assertEquals(List.of(), victimsOfGuards(GuardProcess.RULES, true));
    }

    @Test
    void guardThatComparesNoStartIsFound() throws Exception {
        assertIsFound(SAME_START, ":");
    }

    @Test
    void guardThatComparesNoParentIsFound() throws Exception {
        assertIsFound(SAME_PARENT, ":");
    }

    @Test
    void guardThatWantsNoProofOfAGroupIsFound() throws Exception {
        assertIsFound(PROOF, ":");
    }
}
