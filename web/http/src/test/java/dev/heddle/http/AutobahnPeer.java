package dev.heddle.http;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The programs at the other end of {@link AutobahnReport}: each runs in a process of its own and says what it found.
 * All methods block.
 */
final class AutobahnPeer implements AutoCloseable {

    /** After which a program that goes on is ended, and its test fails. */
    private static final Duration MAX = Duration.ofMinutes(Integer.getInteger("autobahn.minutes", 60));

    private static final Path WORK = Path.of("target", "autobahn").toAbsolutePath();

    private static final Pattern VERDICT = Pattern.compile(
            "\"([0-9.]+)\": \\{\\s*\"behavior\": \"([A-Z -]+)\",\\s*\"behaviorClose\": \"([A-Z -]+)\"");

    /** Where this one leaves its report and the log. */
    private final Path folder;

    private final Process process;
    private final BufferedReader said;
    private final PrintStream log;
    private volatile boolean stopped;

    private AutobahnPeer(Path folder, ProcessBuilder command) throws IOException {
        this.folder = folder;
        this.log = new PrintStream(Files.newOutputStream(folder.resolve("log.txt")), true, StandardCharsets.UTF_8);
        this.process = command.directory(folder.toFile()).redirectErrorStream(true).start();
        this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        CompletableFuture.delayedExecutor(MAX.toSeconds(), TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    /** Whether the suite and its interpreter are on the class path. */
    static boolean hasSuite() {
        return !jar("autobahntestsuite").isEmpty() && !jar("jython-standalone").isEmpty();
    }

    /** The suite's client against a server; ends by itself when it has run the sections. */
    static AutobahnPeer suiteClient(String url, List<String> sections) throws IOException {
        return suite("client", "fuzzingclient",
                "\"servers\": [{\"agent\": \"heddle\", \"url\": \"" + url + "\", \"options\": {\"version\": 18}}]",
                sections);
    }

    /** The suite's server, which says its port when it takes clients. */
    static AutobahnPeer suiteServer(List<String> sections) throws IOException {
        return suite("server", "fuzzingserver", "\"url\": \"ws://127.0.0.1:9001\", \"webport\": 0", sections);
    }

    private static AutobahnPeer suite(String name, String mode, String which, List<String> sections)
            throws IOException {
        Path folder = folder("suite-" + name);
        Files.deleteIfExists(folder.resolve("index.json"));
        Files.writeString(folder.resolve("spec.json"),
                """
                        {"options": {"failByDrop": false, "openHandshakeTimeout": 20, "closeHandshakeTimeout": 20},
                         "outdir": "%s", "exclude-cases": [], "exclude-agent-cases": {}, %s, "cases": ["%s"]}
                        """
                        .formatted(folder, which, String.join("\", \"", sections)));
        return new AutobahnPeer(folder, new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-jar", jar("jython-standalone"), program("suite.py"), unpacked().toString(), mode));
    }

    /** The client for the cases of compression; ends by itself. */
    static AutobahnPeer deflateClient(String url, int messages) throws IOException {
        return deflate("client", url, Integer.toString(messages));
    }

    /** The server for the cases of compression; it says where each is, and ends when all have been run. */
    static AutobahnPeer deflateServer(int messages) throws IOException {
        return deflate("server", Integer.toString(messages));
    }

    private static AutobahnPeer deflate(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(OtherProgram.PYTHON, program("deflate.py")));
        command.addAll(List.of(arguments));
        return new AutobahnPeer(folder("deflate-" + arguments[0]), new ProcessBuilder(command));
    }

    private static Path folder(String name) throws IOException {
        return Files.createDirectories(WORK.resolve(name));
    }

    private static String jar(String name) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().startsWith(name))
                .findFirst()
                .orElse("");
    }

    private static String program(String name) throws IOException {
        Path file = WORK.resolve(name);
        try (InputStream in = Objects.requireNonNull(AutobahnPeer.class.getResourceAsStream("/autobahn/" + name))) {
            Files.createDirectories(WORK);
            Files.write(file, in.readAllBytes());
        }
        return file.toString();
    }

    private static Path unpacked() throws IOException {
        Path target = WORK.resolve("suite");
        try (var zip = new ZipInputStream(Files.newInputStream(Path.of(jar("autobahntestsuite"))))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!entry.isDirectory() && file.startsWith(target) && !Files.exists(file)) {
                    Files.createDirectories(Objects.requireNonNull(file.getParent()));
                    Files.copy((InputStream) zip, file);
                }
            }
        }
        return target;
    }

    /** The next line that it says; null when it has ended. */
    @Nullable String line() throws IOException {
        String line = said.readLine();
        if (line != null) {
            log.println(line);
        }
        return line;
    }

    /** What is behind the word with which a line begins, of the first such line. */
    String lineOf(String word) throws IOException {
        for (String line = line(); line != null; line = line()) {
            if (line.startsWith(word + " ")) {
                return line.substring(word.length() + 1);
            }
        }
        throw new AssertionError("it has ended before it said \"" + word + "\"; see " + folder);
    }

    /** The addresses of the cases of a server that has them; returns when it takes clients. */
    List<String> cases() throws IOException {
        List<String> cases = new ArrayList<>();
        for (String line = line(); line != null && !line.equals("ready"); line = line()) {
            if (line.startsWith("case ")) {
                cases.add(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return cases;
    }

    /** Ends a server of the suite, which has written its report by then. */
    void stop() {
        stopped = true;
        // Not the process's own way, which closes what it still has to say.
        process.toHandle().destroy();
    }

    /** The verdicts that it says or leaves in its report, when it has ended. */
    Map<String, String> verdicts() throws IOException, InterruptedException {
        Map<String, String> verdicts = new TreeMap<>(AutobahnPeer::inOrder);
        for (String line = line(); line != null; line = line()) {
            if (line.matches("1[23]\\.[0-9.]+ .* / [A-Z ]+")) {
                int space = line.indexOf(' ');
                verdicts.put(line.substring(0, space), line.substring(space + 1));
            }
        }
        Path index = folder.resolve("index.json");
        if (Files.exists(index)) {
            for (Matcher found = VERDICT.matcher(Files.readString(index)); found.find();) {
                verdicts.put(found.group(1), found.group(2) + " / " + found.group(3));
            }
        }
        if (process.waitFor() != 0 && !stopped || verdicts.isEmpty()) {
            throw new AssertionError("it has not run to its end; see " + folder);
        }
        return verdicts;
    }

    /** 1.10.1 comes behind 1.9.1. */
    static int inOrder(String one, String other) {
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

    @Override
    public void close() {
        process.destroyForcibly();
        log.close();
    }
}
