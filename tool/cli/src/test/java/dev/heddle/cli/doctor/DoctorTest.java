package dev.heddle.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.doctor.Finding.Verdict;
import dev.heddle.engine.Engines;
import dev.heddle.internal.JdkHook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the doctor says of machines and JVMs that are made up, one fault at a time. */
final class DoctorTest {

    @TempDir
    Path root;

    private static void check(Finding finding, Verdict verdict, String text, String advice) {
        assertEquals(verdict, finding.verdict(), finding.toString());
        assertTrue(finding.text().contains(text), finding.text());
        assertTrue(finding.advice().contains(advice), finding.advice());
        assertEquals(verdict == Verdict.OK, finding.advice().isEmpty(), finding.toString());
        assertTrue(finding.toString().lines().allMatch(line -> line.length() <= 80), finding.toString());
    }

    @ParameterizedTest
    @CsvSource({"25.0.4+7, OK, proven", "25.0.3+9-LTS, WRONG, JDK-8373120", "26.0.0, WRONG, JDK-8373120",
            "26.0.1, HINT, expected to work", "27, HINT, expected to work", "28-ea, HINT, expected to work"})
    void jdkIsProvenExpectedOrUnsound(String version, Verdict verdict, String text) {
        check(JvmCheck.jdk(Runtime.Version.parse(version.replace("26.0.0", "26")), "Maker"), verdict, text, "");
    }

    @ParameterizedTest
    @EnumSource
    void hookThatLacksAMemberIsToldWithTheMemberAndWhatFollows(JdkHook lacking) {
        List<Finding> findings = JvmCheck.hooks(
                hook -> hook == lacking ? Optional.of("java.lang.Thing.made(int)") : Optional.empty());
        assertEquals(JdkHook.values().length, findings.size());
        for (Finding finding : findings) {
            if (finding.name().equals(lacking.title())) {
                check(finding, lacking.isNeeded() ? Verdict.WRONG : Verdict.HINT,
                        "does not have java.lang.Thing.made(int): " + lacking.without(), "run with JDK 25");
            } else {
                check(finding, Verdict.OK, "there", "");
            }
        }
    }

    @Test
    void missingFlagsAreWrongAndToldWhole() {
        Finding without = JvmCheck.flags(false, true).getFirst();
        assertEquals(Verdict.WRONG, without.verdict());
        assertTrue(without.advice().contains("--add-opens java.base/java.lang="), without.advice());
        check(JvmCheck.flags(true, true).getFirst(), Verdict.OK, "", "");
        check(JvmCheck.flags(true, false).getLast(), Verdict.HINT, "warns", "--enable-native-access");
    }

    @Test
    void collectorThatFightsForProcessorsIsNamed() {
        List<String> g1 = List.of("G1 Young Generation", "G1 Old Generation");
        check(JvmCheck.collector(Optional.empty(), g1, 1), Verdict.HINT, "1 processor", "-XX:+UseSerialGC");
        check(JvmCheck.collector(Optional.empty(), g1, 2), Verdict.HINT, "2 processors", "-XX:+UseParallelGC");
        check(JvmCheck.collector(Optional.empty(), g1, 4), Verdict.OK, "G1", "");
        check(JvmCheck.collector(Optional.empty(), List.of("Copy", "MarkSweepCompact"), 1), Verdict.OK, "Copy", "");
        check(JvmCheck.collector(Optional.of("Serial for commands"), g1, 1), Verdict.OK, "Serial for", "");
    }

    @Test
    void formOfObjectsAndCacheOfAStartAreHints() {
        check(JvmCheck.objects(Optional.of("false")), Verdict.HINT, "4 %", "-XX:+UseCompactObjectHeaders");
        check(JvmCheck.objects(Optional.of("true")), Verdict.OK, "compact", "");
        check(JvmCheck.objects(Optional.empty()), Verdict.OK, "one form", "");
        check(JvmCheck.cache("", false), Verdict.HINT, "no AOT cache", "-XX:AOTCacheOutput");
        check(JvmCheck.cache("/a/b.aot", true), Verdict.OK, "b.aot", "");
        check(JvmCheck.cache("/a/b.aot", false), Verdict.HINT, "does not fit", "make it anew");
    }

    private static Engines.Offer offer(String name, String whyNot) {
        return new Engines.Offer(name, Optional.of(whyNot).filter(why -> !why.isEmpty()));
    }

    @Test
    void enginesAreUsableOrSayWhyNotAndWhatToDo() {
        List<Finding> findings = EngineCheck.engines(
                List.of(offer("io_uring", "kernel.io_uring_disabled forbids it"), offer("epoll", ""), offer("nio", "")),
                () -> "epoll");
        check(findings.get(0), Verdict.HINT, "kernel.io_uring_disabled forbids", "sysctl kernel.io_uring_disabled=0");
        check(findings.get(1), Verdict.OK, "loops get this one", "");
        check(findings.get(2), Verdict.OK, "works here", "");
        check(EngineCheck.engines(List.of(offer("io_uring", "it is forbidden here (Operation not permitted)")),
                () -> "nio").getFirst(), Verdict.HINT, "Operation not permitted", "seccomp");
        check(EngineCheck.engines(List.of(offer("io_uring", ""), offer("nio", "")), () -> "nio").getFirst(),
                Verdict.HINT, "another was asked for", "HEDDLE_ENGINE");
        check(EngineCheck.engines(List.of(offer("nio", "")), () -> {
            throw new IllegalArgumentException("there is no engine x");
        }).getFirst(), Verdict.WRONG, "there is no engine x", "HEDDLE_ENGINE");
    }

    @Test
    void groupsAndResolverSayWhatTheyLack() {
        check(EngineCheck.groups(List.of("X25519MLKEM768", "x25519")), Verdict.OK, "X25519MLKEM768", "");
        check(EngineCheck.groups(List.of("x25519")), Verdict.HINT, "quantum", "27");
        check(EngineCheck.resolver(Optional.of("the own resolver: it knows all")), Verdict.OK, "own", "");
        check(EngineCheck.resolver(Optional.of("the system's resolver: mdns in nsswitch.conf")), Verdict.HINT,
                "mdns", "HEDDLE_RESOLVER=own");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void limitsOfTheContainerAreTheSmallestOnTheWayUp() throws IOException {
        var system = new SystemCheck(root);
        check(system.processors(2), Verdict.OK, "2 processors", "");
        check(system.memory(1L << 30, 1L << 28), Verdict.OK, "1.0 GiB, the heap at most 256 MiB", "");

        write("proc/self/cgroup", "0::/pod/one\n");
        write("sys/fs/cgroup/pod/cpu.max", "150000 100000\n");
        write("sys/fs/cgroup/pod/one/cpu.max", "max 100000\n");
        write("sys/fs/cgroup/pod/memory.max", (1L << 30) + "\n");
        check(system.processors(2), Verdict.OK, "limit is 1.50", "");
        check(system.memory(1L << 30, 1L << 28), Verdict.HINT, "the container's limit", "-XX:MaxRAMPercentage=70");
        check(system.memory(1L << 30, 3L << 28), Verdict.OK, "the container's limit", "");

        write("sys/fs/cgroup/pod/one/cpu.stat", "usage_usec 5\nnr_periods 200\nnr_throttled 50\n");
        check(system.processors(2), Verdict.HINT, "stopped in 25 % of its periods", "higher limit");
    }

    @Test
    void fewDescriptorsAndASlowClockAreHints() throws IOException {
        check(SystemCheck.descriptors(1_024), Verdict.HINT, "1,024 descriptors", "ulimit -n 65536");
        check(SystemCheck.descriptors(1_048_576), Verdict.OK, "1,048,576", "");
        write("sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
        check(new SystemCheck(root).clock(1_200), Verdict.HINT, "hpet, 1,200 ns", "clocksource=tsc");
        check(new SystemCheck(root).clock(30), Verdict.OK, "hpet, 30 ns", "");
        check(new SystemCheck(root.resolve("none")).clock(30), Verdict.OK, "the system's, 30 ns", "");
    }

    @Test
    void summaryCountsWhatIsToBeDone() {
        List<Finding> findings = List.of(Finding.ok("a", "", "b"), Finding.hint("a", "", "b", "c"),
                Finding.wrong("a", "", "b", "c"));
        assertEquals("\n1 wrong, 1 hint\n", DoctorCommand.summary(findings));
    }

    @Test
    void longTextsAreBrokenAndFormed() {
        Finding finding = Finding.hint("area", "name", "word ".repeat(30).strip(), "do ".repeat(40).strip());
        assertTrue(finding.toString().startsWith("hint   area         name: word word"), finding.toString());
        assertTrue(finding.toString().contains("\n" + " ".repeat(20) + "-> do do"), finding.toString());
        assertTrue(finding.toString().contains("\n" + " ".repeat(23) + "do do"), finding.toString());
        assertFalse(finding.toString().contains(" \n"), finding.toString());
        assertEquals(
                "{\"kind\":\"finding\",\"area\":\"a\",\"name\":\"\",\"verdict\":\"ok\",\"text\":\"b\",\"advice\":\"\"}\n",
                Finding.ok("a", "", "b").json());
    }
}
