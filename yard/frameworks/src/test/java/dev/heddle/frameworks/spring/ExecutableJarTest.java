package dev.heddle.frameworks.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.frameworks.OtherServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The application as it is delivered: one jar, started without a flag and ended by a signal. Needs that jar, so it runs
 * after packaging.
 */
@Tag("full")
@Tag("executable-jar")
final class ExecutableJarTest {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

    private static final Pattern STOPPING = Pattern.compile("Commencing graceful shutdown");

    /** SIGTERM is signal 15. */
    private static final int ENDED_BY_SIGNAL = 128 + 15;

    private final List<String> lines = new ArrayList<>();

    private Matcher awaitLine(BufferedReader output, Pattern wanted) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            Matcher matcher = wanted.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
        throw new AssertionError("ended without a line like " + wanted + ":\n" + String.join("\n", lines));
    }

    private static Process start(OtherServer other) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("executable.jar"),
                "--server.port=0",
                "--pages.news=" + other.url(OtherServer.NEWS),
                "--pages.timeout=1m",
                "--pages.urls=" + other.url(OtherServer.SLOW));
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder.redirectErrorStream(true).start();
    }

    @Test
    void itNeedsNoFlagsAndAnswersWhomItHasBeforeItEnds() throws Exception {
        try (OtherServer other = new OtherServer()) {
            Process process = start(other);
            try (BufferedReader output = process.inputReader()) {
                int port = Integer.parseInt(awaitLine(output, STARTED).group(1));
                try (Browser browser = new Browser(port)) {
                    assertEquals("Hello: /news", browser.get("/welcome").body());
                    CompletableFuture<HttpResponse<String>> answer = browser.begin("/sizes");
                    other.awaitSlowRequest();
                    process.toHandle().destroy();   // that of the process itself would close its output
                    awaitLine(output, STOPPING);
                    other.answerSlowRequest();
                    assertEquals("[5]", answer.join().body());
                }
                output.lines().forEach(lines::add);
                assertEquals(ENDED_BY_SIGNAL, process.waitFor());
            } finally {
                process.destroyForcibly();
            }
        }
        assertFalse(lines.stream().anyMatch(line -> line.contains("WARN")), () -> String.join("\n", lines));
    }
}
