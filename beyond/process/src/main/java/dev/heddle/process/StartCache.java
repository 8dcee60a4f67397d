package dev.heddle.process;

import dev.heddle.Heddle;
import dev.heddle.internal.AsksSystem;
import dev.heddle.internal.Hash;
import dev.heddle.io.LimitExceededException;
import dev.heddle.process.internal.CacheDirectory;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.CodeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The JVM's own cache of the classes that a child needs, loaded and linked (JEP 483 and 514), so that it is ready in
 * half the time. It is made on first use, in the background, by {@link StartCacheMain}, and then used by all programs
 * with the same JDK, jars of Heddle and JVM arguments.
 *
 * <p>Such a file can hold any code. So it lies in a directory that nobody else may write or replace, which is looked at
 * each time: {@code $XDG_CACHE_HOME/heddle}, or {@code ~/.cache/heddle}. Its name is a hash of all that it depends on,
 * and it appears there by a rename, so several processes may make it at once. One that is cut or does not fit is ignored
 * by the JVM; one that is damaged inside is removed when a child crashes before it is ready ({@link WorkerProcess}).
 *
 * <p>The class path of a cache can have jars only, no directories. So only Heddle's own jars and the JDK are in it, not
 * the program; and there is none where Heddle itself is in directories or on the module path, where the system is not
 * Linux, or if the property {@value #PROPERTY} says {@code off}. It may name another directory too.
 */
@AsksSystem("files have the system's time")
final class StartCache {

    static final String PROPERTY = "heddle.process.cache";

    private static final String OFF = "off";
    private static final int NAME_BYTES = 16;

    /** Who makes one has died if he has not finished by then. */
    private static final Duration MAKING_LIMIT = Duration.ofMinutes(10);

    /** Then it is tried again; perhaps only the disk was full. */
    private static final Duration FAILURE_LASTS = Duration.ofDays(1);

    /** How much later than now a file may be without a clock that was wrong. */
    private static final Duration MAX_AHEAD = Duration.ofMinutes(1);

    /** Arguments with which the JVM refuses a cache, or the user means to have another. */
    private static final List<String> IN_THE_WAY = List.of("-XX:AOT", "-XX:SharedArchiveFile", "-Xshare", "-javaagent",
            "-agent", "-Xbootclasspath", "--module-path", "--patch-module", "--limit-modules", "--upgrade-module-path");

    /** One of this JVM is enough, if it fails. */
    private static final AtomicBoolean TRIED = new AtomicBoolean();

    private final Path file;
    private final List<Path> jars;
    private final List<String> jvmArguments;

    private StartCache(Path file, List<Path> jars, List<String> jvmArguments) {
        this.file = file;
        this.jars = jars;
        this.jvmArguments = jvmArguments;
    }

    /** The cache for children with such arguments, there or not; null if there can be none. */
    static @Nullable StartCache of(List<String> jvmArguments) {
        String property = System.getProperty(PROPERTY, "");
        boolean modules = !System.getProperty("jdk.module.path", "").isEmpty();
        if (property.equals(OFF) || modules || isRefused(jvmArguments)) {
            return null;
        }
        try {
            List<Path> jars = jars();
            Path wanted = property.isEmpty() ? CacheDirectory.ofUser() : Path.of(property).toAbsolutePath();
            if (jars.isEmpty() || wanted == null) {
                return null;
            }
            Path directory = CacheDirectory.safe(wanted);
            if (directory == null) {
                return null;
            }
            return new StartCache(directory.resolve("child-" + key(jars, jvmArguments) + ".aot"), jars, jvmArguments);
        } catch (IOException | RuntimeException e) {
            // It only saves time.
            return null;
        }
    }

    private static boolean isRefused(List<String> jvmArguments) {
        return jvmArguments.stream().anyMatch(argument -> IN_THE_WAY.stream().anyMatch(argument::startsWith));
    }

    /** The jars that Heddle is in; empty if it is in something else. */
    private static List<Path> jars() {
        Set<Path> jars = new LinkedHashSet<>();
        for (Class<?> each : List.of(WorkerMain.class, Heddle.class, LimitExceededException.class)) {
            CodeSource source = each.getProtectionDomain().getCodeSource();
            if (each.getModule().isNamed() || source == null || source.getLocation() == null) {
                return List.of();
            }
            try {
                Path jar = Path.of(source.getLocation().toURI());
                if (!Files.isRegularFile(jar)) {
                    return List.of();
                }
                jars.add(jar);
            } catch (URISyntaxException e) {
                return List.of();
            }
        }
        return List.copyOf(jars);
    }

    private static String key(List<Path> jars, List<String> jvmArguments) throws IOException {
        var text = new StringBuilder();
        for (String property : List.of("java.home", "java.vm.name", "java.vm.version", "os.arch")) {
            text.append(System.getProperty(property)).append('\n');
        }
        List<Path> files = new ArrayList<>(jars);
        files.add(Path.of(System.getProperty("java.home"), "lib", "modules"));
        for (Path each : files) {
            text.append(each).append('\n').append(Files.size(each)).append('\n')
                    .append(Files.getLastModifiedTime(each).toMillis()).append('\n');
        }
        jvmArguments.forEach(argument -> text.append(argument).append('\n'));
        return HexFormat.of().formatHex(Hash.sha256(text.toString()), 0, NAME_BYTES);
    }

    /** Whether it can be used now. An empty file says that it could not be made. */
    boolean isThere() {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && file.toFile().length() > 0;
    }

    /** Removes one that a JVM has crashed with, so that it is made anew; whether it could. */
    boolean remove() {
        return file.toFile().delete();
    }

    /** Arguments of a JVM that uses it, and says nothing if it does not fit. */
    List<String> arguments() {
        return List.of("-XX:AOTCache=" + file, "-Xlog:aot=off", "-Xlog:cds=off");
    }

    /** What its class path begins with. */
    String classPath() {
        return String.join(File.pathSeparator, jars.stream().map(Path::toString).toList());
    }

    // ---- how it is made ----

    /**
     * Has it made, by a process of its own that does not end with this one; a few seconds of a processor that nobody
     * else needs. Once in this JVM, and not if another process does so, or has failed to since yesterday.
     */
    void makeInBackground() {
        if (isWanted() && TRIED.compareAndSet(false, true) && claim()) {
            List<String> command = new ArrayList<>(List.of("nice", "-n", "19"));
            command.addAll(JavaCommand.start(List.of("-XX:TieredStopAtLevel=1")));
            command.addAll(List.of("--class-path", classPath(), StartCacheMain.class.getName(), file.toString()));
            command.addAll(jvmArguments);
            try {
                var builder = new ProcessBuilder(command);
                JavaCommand.prepare(builder.environment());
                builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
            } catch (IOException e) {
                // No nice here; without it the program would suffer.
            }
        }
    }

    private boolean isWanted() {
        return file.toFile().length() == 0 && isOlder(file, FAILURE_LASTS);
    }

    /** Whether a file was last changed so long ago, or while the clock was ahead; one that is not there was. */
    static boolean isOlder(Path file, Duration age) {
        Instant changed = Instant.ofEpochMilli(file.toFile().lastModified());
        Instant now = Instant.now();
        return changed.isBefore(now.minus(age)) || changed.isAfter(now.plus(MAX_AHEAD));
    }

    /** Leaves a mark that somebody makes it. */
    private boolean claim() {
        Path mark = claim(file);
        try {
            if (Files.exists(mark) && isOlder(mark, MAKING_LIMIT)) {
                Files.setLastModifiedTime(mark, FileTime.from(Instant.now()));
                return true;
            }
            Files.createFile(mark);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static Path claim(Path file) {
        return file.resolveSibling(file.getFileName() + ".making");
    }
}
