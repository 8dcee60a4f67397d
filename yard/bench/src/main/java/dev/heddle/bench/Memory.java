package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of other processes and of the kernel, as proc_pid_smaps(5), proc_meminfo(5) and /proc/net/sockstat tell
 * it.
 */
final class Memory {

    static final double BYTES_PER_MEGABYTE = 1024 * 1024;

    private static final long KIBI = 1024;
    private static final long PAGE_BYTES = 4096;
    private static final Pattern PRIVATE_DIRTY = Pattern.compile("Private_Dirty: +(\\d+) kB");
    private static final Pattern RESIDENT = Pattern.compile("^Rss: +(\\d+) kB");
    private static final Pattern SLAB = Pattern.compile("Slab: +(\\d+) kB");
    private static final Path SLABS = Path.of("/proc/slabinfo");
    private static final Pattern PROC_FILES = Pattern.compile("^proc_inode_cache +\\d+ +(\\d+)");
    private static final long BYTES_OF_A_PROC_FILE = 696 + 192;
    private static final Pattern TCP_PAGES = Pattern.compile("TCP:.* mem (\\d+)");

    private Memory() {}

    /** What a process has written to and shares with nobody. */
    static long ofProcess(long pid) throws IOException {
        return sum(Path.of("/proc", Long.toString(pid), "smaps_rollup"), PRIVATE_DIRTY) * KIBI;
    }

    /** What a process has in memory, with what it shares. */
    static long residentOf(long pid) throws IOException {
        return sum(Path.of("/proc", Long.toString(pid), "smaps_rollup"), RESIDENT) * KIBI;
    }

    /**
     * The kernel's objects, such as sockets and files, and the bytes that lie in sockets. Without the files of /proc,
     * an inode and a name each, where the kernel tells how many there are: somebody who lists the descriptors of a
     * server makes one for each of its connections.
     */
    static long ofKernel() throws IOException {
        long all = sum(Path.of("/proc/meminfo"), SLAB) * KIBI
                + sum(Path.of("/proc/net/sockstat"), TCP_PAGES) * PAGE_BYTES;
        return Files.isReadable(SLABS) ? all - sum(SLABS, PROC_FILES) * BYTES_OF_A_PROC_FILE : all;
    }

    private static long sum(Path file, Pattern pattern) throws IOException {
        return sum(Files.readAllLines(file), pattern);
    }

    /**
     * @throws IllegalArgumentException if no line has it
     */
    static long sum(List<String> lines, Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .reduce(Long::sum)
                .orElseThrow(() -> new IllegalArgumentException("the kernel does not tell " + pattern));
    }
}
