package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks show in the thread dumps of the JDK: {@code jcmd PID Thread.dump_to_file -format=json FILE}. */
class ThreadDumpTest {

    @Test
    void tasksAreListedInAContainerOfTheirOwn(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("dump.json");
        try (Loop loop = Loop.start(Config.DEFAULT)) {
            loop.spawn(() -> Heddle.spawn("shown in the dump", () -> new Waiter("nothing").await()).join());
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.JSON);
        }
        String dump = Files.readString(file);
        assertTrue(dump.contains("\"container\": \"heddle\\/"), dump);
        assertTrue(dump.contains("\"name\": \"shown in the dump\""), dump);
        assertTrue(dump.contains("dev.heddle.Waiter.await(Waiter.java:"), dump);
    }
}
