package dev.heddle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs in C; their sources are in src/main/c, and they are compiled when they are first used. */
final class CProgram {

    static final Need COMPILER = new Need("apt-get install gcc libc6-dev", () -> Need.find("gcc").isPresent());

    private static final String HEADER = ".h";

    private CProgram() {}

    /**
     * The program as a command, compiled if no newer one is there.
     *
     * @param name of the source, without its ending
     * @param libraries the options that link what it needs besides the C library
     * @throws IllegalStateException if it cannot be compiled
     */
    static String command(String name, String... libraries) {
        Path source = Home.C_SOURCES.resolve(name + ".c");
        Path program = Home.C_BUILD.resolve(name);
        try {
            if (!isNewer(program, source) || !isNewerThanHeaders(program)) {
                compile(source, program, List.of(libraries));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compile " + source, e);
        }
        return program.toString();
    }

    private static boolean isNewer(Path program, Path source) throws IOException {
        return Files.exists(program)
                && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) > 0;
    }

    private static boolean isNewerThanHeaders(Path program) throws IOException {
        try (Stream<Path> files = Files.list(Home.C_SOURCES)) {
            for (Path header : files.filter(file -> file.toString().endsWith(HEADER)).toList()) {
                if (!isNewer(program, header)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Elsewhere first, then put in place in one step: another process may be doing the same. */
    private static void compile(Path source, Path program, List<String> libraries) throws IOException {
        Files.createDirectories(Home.C_BUILD);
        Path fresh = Files.createTempFile(Home.C_BUILD, program.getFileName().toString(), "");
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o",
                fresh.toString(), source.toString()));
        command.addAll(libraries);
        Process compiler = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .start();
        // Passed on, for a file that is opened anew as /dev/stderr loses what stands in it.
        compiler.getInputStream().transferTo(System.err);
        try {
            if (compiler.waitFor() != 0) {
                throw new IllegalStateException("gcc could not compile " + source + "; see its messages above");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The compiler's version, or nothing without one. */
    static Stream<String> versions() {
        return Versions.lines(List.of("gcc", "-dumpfullversion")).map(version -> "gcc " + version);
    }
}
