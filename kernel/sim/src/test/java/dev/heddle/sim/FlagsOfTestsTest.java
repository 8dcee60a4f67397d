package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A test in the simulator without the flags of the JVM fails with them, and says where a build has them. */
final class FlagsOfTestsTest {

    static final class Sample {
        @SimTest(seeds = 3)
        void runs() {}

        @Test
        void runsToo() {
            Sim.run(() -> {});
        }
    }

    /** A runner of tests that knows nothing of Heddle. */
    static final class Runner {
        public static void main(String[] args) {
            LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                    .selectors(selectClass(Sample.class))
                    .build();
            var summary = new SummaryGeneratingListener();
            LauncherFactory.create().execute(request, summary);
            summary.getSummary().getFailures().forEach(each -> System.out.println(each.getException().getMessage()));
        }
    }

    @Test
    void eachTestFailsWithTheFlagsAndTheirPlace() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), Runner.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        List<String> told = printed.lines()
                .filter(line -> line.contains("--add-opens java.base/java.lang=ALL-UNNAMED"))
                .toList();
        assertEquals(2, told.size(), printed);
        told.forEach(line -> assertTrue(line.contains("argLine of Surefire"), line));
    }
}
