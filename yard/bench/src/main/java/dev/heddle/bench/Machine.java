package dev.heddle.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The machine that the numbers were measured on. */
final class Machine {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    private Machine() {}

    /**
     * The day, the machine, and how busy it is: the system's load average of the last minute. Tables may be of
     * different machines.
     */
    static String circumstances() {
        return LocalDate.now(ZoneOffset.UTC) + ", " + Runtime.getRuntime().availableProcessors() + " x " + processor()
                + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version")
                + ", load of the machine " + load();
    }

    /** The system's load average of the last minute. */
    static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : Report.number(load);
    }

    /** Its name, and what tells apart those of a name that some hypervisors cut short. */
    static String processor() {
        try {
            String info = Files.readString(PROCESSORS);
            String name = value(info, "model name", System.getProperty("os.arch"));
            return name + " (family " + value(info, "cpu family", "unknown") + ", model "
                    + value(info, "model", "unknown") + ")";
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static String value(String info, String name, String otherwise) {
        return info.lines()
                .filter(line -> line.substring(0, Math.max(0, line.indexOf(':'))).strip().equals(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(otherwise);
    }
}
