package dev.heddle.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The Autobahn test suite, whose client sends what it can think of to the server here. It is a program in Python 2 that the
 * profile {@code autobahn} takes from Maven Central with an interpreter; its 301 cases are those before compression. The verdicts are
 * written to {@code docs/reports/autobahn.md}.
 *
 * <p>Sections to run: the property {@code autobahn.sections}, separated by commas; by default all but 9, the long messages, for which
 * the interpreter is too slow. A section without a case would hang the suite. Its own time for a close is raised from one second,
 * which a busy machine does not always keep.
 */
final class AutobahnReport {

    private static final List<String> SECTIONS = List
            .of(System.getProperty("autobahn.sections", "1.*,2.*,3.*,4.*,5.*,6.*,7.*,10.*").split(","));

    private static final Duration LONGEST = Duration.ofMinutes(Integer.getInteger("autobahn.minutes", 20));

    private static final Path WORK = Path.of("target", "autobahn");
    private static final Path REPORT = Path.of("..", "docs", "reports", "autobahn.md");

    private static final Pattern VERDICT = Pattern.compile(
            "\"([0-9.]+)\": \\{\\s*\"behavior\": \"([A-Z -]+)\",\\s*\"behaviorClose\": \"([A-Z -]+)\"");

    private static final WebSocketOptions OPTIONS = WebSocketOptions.DEFAULT
            .withMaxMessageBytes(32 << 20)
            .withMaxFrameBytes(32 << 20)
            .withHeartbeat(Duration.ZERO, Duration.ofSeconds(1));

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void theServerPassesTheSuite() throws Exception {
        Path suite = unpack();
        Map<String, String> verdicts = Heddle.run(() -> {
            try (HttpServer server = HttpServer.builder().webSocket("/", OPTIONS, FramePeer::echo).start("127.0.0.1",
                    0)) {
                return Heddle.offload(() -> fuzz(suite, server.port()));
            }
        });
        write(verdicts);
        assertEquals(Map.of(), bad(verdicts));
    }

    private static Map<String, String> bad(Map<String, String> verdicts) {
        Map<String, String> bad = new TreeMap<>();
        verdicts.forEach((name, verdict) -> {
            if (!verdict.matches("(OK|NON-STRICT|INFORMATIONAL) / (OK|INFORMATIONAL)")) {
                bad.put(name, verdict);
            }
        });
        return verdicts.isEmpty() ? Map.of("none", "no case was run") : bad;
    }

    private static String jar(String name) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().startsWith(name))
                .findFirst()
                .orElse("");
    }

    private static Path unpack() throws IOException {
        String jar = jar("autobahntestsuite");
        assumeTrue(!jar.isEmpty(), "run it with the profile autobahn");
        Path target = WORK.resolve("suite").toAbsolutePath();
        try (var zip = new ZipInputStream(Files.newInputStream(Path.of(jar)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && file.startsWith(target) && !Files.exists(file)) {
                    Files.createDirectories(file.getParent());
                    Files.copy((InputStream) zip, file);
                }
            }
        }
        return target;
    }

    private static Map<String, String> fuzz(Path suite, int port) throws IOException, InterruptedException {
        Path out = WORK.resolve("out").toAbsolutePath();
        Files.createDirectories(out);
        Files.deleteIfExists(out.resolve("index.json"));
        Files.writeString(out.resolve("spec.json"),
                """
                        {"options": {"failByDrop": false, "openHandshakeTimeout": 20, "closeHandshakeTimeout": 20}, "outdir": "%s", "exclude-cases": [], "exclude-agent-cases": {},
                         "servers": [{"agent": "heddle", "url": "ws://127.0.0.1:%d/", "options": {"version": 18}}],
                         "cases": ["%s"]}
                        """
                        .formatted(out, port, String.join("\", \"", SECTIONS)));
        Files.writeString(out.resolve("run.py"), """
                import sys
                sys.path.insert(0, r'%s')
                sys.path.insert(0, r'%s/autobahntestsuite')
                sys.argv = ['wstest', '-m', 'fuzzingclient', '-s', 'spec.json']
                from autobahntestsuite import wstest
                wstest.run()
                """.formatted(suite, suite));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-jar", jar("jython-standalone"), "run.py"));
        Process process = new ProcessBuilder(command)
                .directory(out.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.resolve("log.txt").toFile())
                .start();
        try {
            boolean ended = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
            Path index = out.resolve("index.json");
            if (!ended || !Files.exists(index)) {
                throw new AssertionError(
                        "the suite " + (ended ? "gave no verdicts" : "has not ended") + ", see " + out);
            }
            return verdicts(Files.readString(index));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Map<String, String> verdicts(String index) {
        Map<String, String> verdicts = new TreeMap<>(AutobahnReport::inOrder);
        for (Matcher found = VERDICT.matcher(index); found.find();) {
            verdicts.put(found.group(1), found.group(2) + " / " + found.group(3));
        }
        return verdicts;
    }

    /** 1.10.1 comes behind 1.9.1. */
    private static int inOrder(String one, String other) {
        String[] left = one.split("\\.", -1);
        String[] right = other.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = Integer.compare(Integer.parseInt(left[i]), Integer.parseInt(right[i]));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static void write(Map<String, String> verdicts) {
        Map<String, Integer> counts = new TreeMap<>();
        verdicts.values().forEach(verdict -> counts.merge(verdict, 1, Integer::sum));
        var text = new StringBuilder(
                """
                        # WebSocket: the verdicts of Autobahn

                        Written by `mvn -B -Pautobahn -pl http -am verify -Dtest=AutobahnReport`; the suite's client against the server of this
                        project, sections %s. Each verdict is that of the case and that of its close.

                        | verdict | cases |
                        |---|---|
                        """
                        .formatted(String.join(", ", SECTIONS)));
        counts.forEach(
                (verdict, count) -> text.append("| ").append(verdict).append(" | ").append(count).append(" |\n"));
        text.append("\n| case | verdict |\n|---|---|\n");
        verdicts.forEach(
                (name, verdict) -> text.append("| ").append(name).append(" | ").append(verdict).append(" |\n"));
        try {
            Files.createDirectories(REPORT.getParent());
            Files.writeString(REPORT, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
