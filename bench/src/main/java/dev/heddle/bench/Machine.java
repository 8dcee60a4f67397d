package dev.heddle.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** What the numbers were measured on. */
final class Machine {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Machine() {}

    static String describe() {
        return Runtime.getRuntime().availableProcessors() + " x " + processor() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("java.vendor.version") + " (" + Runtime.version() + ")";
    }

    /** The day, and how busy the machine is: the system's load average of the last minute. */
    static String circumstances() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return LocalDate.now(ZoneOffset.UTC) + ", load of the machine " + (load < 0 ? "unknown" : Report.number(load));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
