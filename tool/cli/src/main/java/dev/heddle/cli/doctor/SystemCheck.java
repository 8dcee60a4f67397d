package dev.heddle.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.heddle.cli.command.HumanFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The checks of the system: processors, memory, descriptors, the clock. It knows version 2 of cgroups(7). */
final class SystemCheck {

    /** Less than this many descriptors is less than the connections that a server can hold. */
    private static final long FEW_DESCRIPTORS = 65_536;

    /** A clock that is read without a system call takes less. */
    private static final long SLOW_CLOCK_NANOS = 400;

    private static final int LOOKS = 20_000;

    private final Path root;

    /** @param root where {@code proc} and {@code sys} are */
    SystemCheck(Path root) {
        this.root = root;
    }

    List<Finding> all() {
        List<Finding> findings = new ArrayList<>();
        findings.add(processors(Runtime.getRuntime().availableProcessors()));
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        findings.add(memory(system.getTotalMemorySize(), Runtime.getRuntime().maxMemory()));
        if (system instanceof UnixOperatingSystemMXBean unix) {
            findings.add(descriptors(unix.getMaxFileDescriptorCount()));
        }
        findings.add(clock(nanosOfALook()));
        return findings;
    }

    /** @param usable as the JVM counts them */
    Finding processors(int usable) {
        String text = HumanFormat.count(usable, "processor");
        double share = share();
        if (share > 0) {
            text += String.format(Locale.ROOT, ", the container's limit is %.2f", share);
        }
        long periods = statistic("nr_periods");
        long throttled = statistic("nr_throttled");
        return throttled * 100 > periods
                ? Finding.hint("processors", "", text + String.format(Locale.ROOT,
                        ", and it was stopped in %.0f %% of its periods", 100.0 * throttled / periods),
                        "a higher limit of CPU: a loop that is stopped answers nobody")
                : Finding.ok("processors", "", text);
    }

    /** The smallest of the limits on the way up; 0 for none. */
    private double share() {
        double least = 0;
        for (String line : limits("cpu.max")) {
            String[] words = line.split(" ", -1);
            if (words.length == 2 && !words[0].equals("max")) {
                double share = Double.parseDouble(words[0]) / Double.parseDouble(words[1]);
                least = least == 0 ? share : Math.min(least, share);
            }
        }
        return least;
    }

    private long statistic(String name) {
        return limits("cpu.stat").stream().flatMap(String::lines).filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1))).findFirst().orElse(0);
    }

    /**
     * Judges the memory.
     *
     * @param total bytes that this process may have, as the JVM counts them
     * @param heap the most bytes of its heap
     */
    Finding memory(long total, long heap) {
        OptionalLong limit = limits("memory.max").stream().filter(line -> !line.equals("max"))
                .mapToLong(Long::parseLong).min();
        String text = HumanFormat.bytes(total) + (limit.isPresent() ? ", the container's limit" : "")
                + ", the heap at most " + HumanFormat.bytes(heap);
        return limit.isPresent() && heap < total / 2
                ? Finding.hint("memory", "", text, "-XX:MaxRAMPercentage=70, where the container is for one program")
                : Finding.ok("memory", "", text);
    }

    static Finding descriptors(long most) {
        String text = HumanFormat.count(most, "descriptor") + " at most: one for each connection and file";
        return most < FEW_DESCRIPTORS
                ? Finding.hint("descriptors", "", text,
                        "ulimit -n " + FEW_DESCRIPTORS + ", or LimitNOFILE= of the service's unit")
                : Finding.ok("descriptors", "", text);
    }

    /** @param nanos what a look at it takes */
    Finding clock(long nanos) {
        String source = read(root.resolve("sys/devices/system/clocksource/clocksource0/current_clocksource"));
        String text = (source.isEmpty() ? "the system's" : source) + ", " + HumanFormat.count(nanos) + " ns a look";
        return nanos > SLOW_CLOCK_NANOS
                ? Finding.hint("clock", "", text + ": each is a system call, and a loop looks several times a turn",
                        "a kernel that boots with clocksource=tsc, or another kind of virtual machine")
                : Finding.ok("clock", "", text);
    }

    private static long nanosOfALook() {
        long begin = System.nanoTime();
        long now = begin;
        for (int i = 0; i < LOOKS; i++) {
            now = System.nanoTime();
        }
        return (now - begin) / LOOKS;
    }

    /** What a file of the group of this process says, and of those around it, the innermost first. */
    private List<String> limits(String file) {
        Path mount = root.resolve("sys/fs/cgroup");
        String own = read(root.resolve("proc/self/cgroup")).lines().filter(line -> line.startsWith("0::/"))
                .map(line -> line.substring("0::/".length())).findFirst().orElse("");
        List<String> limits = new ArrayList<>();
        // In a container the path may be that of the host, and the group is at the mount.
        for (Path group = mount.resolve(own).normalize(); group != null
                && group.startsWith(mount); group = group.getParent()) {
            String text = read(group.resolve(file));
            if (!text.isEmpty()) {
                limits.add(text);
            }
        }
        return limits;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
