package dev.heddle.cli.script;

import dev.heddle.internal.Hash;
import dev.heddle.process.internal.CacheDirectory;
import dev.heddle.process.internal.PrivateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The compiled scripts of a user, so that a second start needs no compiler: one file for each, named by a hash of all
 * that the outcome depends on, and read whole, so that what was checked is what runs.
 *
 * <p>It can hold any code. So it lies in a directory that nobody else may write or replace, which is looked at each
 * time: {@code scripts} in {@code $XDG_CACHE_HOME/heddle} or {@code ~/.cache/heddle}. A file appears there by a rename;
 * so several starts may make it at once. One that is not whole is made anew. The property {@value #PROPERTY} names
 * another directory, or is {@code off}.
 */
final class ScriptCache {

    static final String PROPERTY = "heddle.run.cache";

    /** Of some 10 KiB each. */
    static final int MAX_SCRIPTS = 200;

    /** A larger one is compiled at each start. */
    static final long MAX_BYTES = 16L << 20;

    private static final String OFF = "off";
    private static final String SUFFIX = ".script";

    /** Who writes one has died if he has not finished by then. */
    private static final Duration LEFT_BEHIND = Duration.ofHours(1);

    /** So often the time of use is written, and no more: it is only there to find the oldest. */
    private static final Duration USED_GRAIN = Duration.ofHours(1);

    private final Path file;

    private ScriptCache(Path file) {
        this.file = file;
    }

    /**
     * The place of a script's classes, there or not; null if there can be none: no directory that is safe, or a class
     * path of too many files.
     */
    static @Nullable ScriptCache of(Path script, byte[] text, ClassPath classPath, List<String> options) {
        try {
            Path directory = directory("scripts");
            if (directory == null) {
                return null;
            }
            String key = key(script, text, classPath, options);
            return key == null ? null : new ScriptCache(directory.resolve(key + SUFFIX));
        } catch (IOException | RuntimeException e) {
            // It only saves time.
            return null;
        }
    }

    /** A directory inside of the cache; null if there is no safe one. */
    static @Nullable Path directory(String name) throws IOException {
        String property = System.getProperty(PROPERTY, "");
        if (property.equals(OFF)) {
            return null;
        }
        Path all = property.isEmpty() ? CacheDirectory.ofUser() : Path.of(property).toAbsolutePath();
        // First the outer one, which would else be made with a mode that is too wide.
        Path outer = all == null ? null : CacheDirectory.safe(all);
        return outer == null ? null : CacheDirectory.safe(outer.resolve(name));
    }

    private static @Nullable String key(Path script, byte[] text, ClassPath classPath, List<String> options)
            throws IOException {
        var all = new StringBuilder(HexFormat.of().formatHex(Hash.sha256(text))).append('\0')
                .append(script.toRealPath()).append('\0');
        for (String property : List.of("java.home", "java.vm.version", "java.class.path")) {
            all.append(System.getProperty(property)).append('\0');
        }
        options.forEach(option -> all.append(option).append('\0'));
        ClassPath.describe(Path.of(System.getProperty("java.home"), "lib", "modules"), all);
        // Another source file beside it can be what a name means from now on.
        try (Stream<Path> beside = Files.list(Objects.requireNonNull(script.toRealPath().getParent()))) {
            beside.map(Path::toString).filter(name -> name.endsWith(".java")).sorted()
                    .forEach(name -> all.append(name).append('\0'));
        }
        return ownClasses().describe(all) && classPath.describe(all)
                ? HexFormat.of().formatHex(Hash.sha256(all.toString()))
                : null;
    }

    /** Heddle's own jars: those that Java was given, and those beside them that the command's jar names. */
    private static ClassPath ownClasses() {
        return ClassPath.of(ClassPath.withLibraries(System.getProperty("java.class.path")).stream()
                .map(Path::toString)
                .toList());
    }

    /** What is kept, if it is there, whole, and of these sources; else null. */
    @Nullable ScriptClasses read() {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
                return null;
            }
            ScriptClasses kept = ScriptClasses.decode(Files.readAllBytes(file));
            for (Map.Entry<String, String> source : kept.sources().entrySet()) {
                if (!HexFormat.of().formatHex(Hash.sha256(Files.readAllBytes(Path.of(source.getKey()))))
                        .equals(source.getValue())) {
                    return null;
                }
            }
            Instant now = Instant.now();
            if (isBefore(file, now.minus(USED_GRAIN))) {
                Files.setLastModifiedTime(file, FileTime.from(now));
            }
            return kept;
        } catch (IOException | RuntimeException e) {
            // Made anew.
            return null;
        }
    }

    /** Keeps what was compiled. Where that fails, a full disk perhaps, the next start compiles again. */
    void write(ScriptClasses classes) {
        try {
            byte[] bytes = classes.encode();
            if (bytes.length <= MAX_BYTES) {
                put(file, bytes, SUFFIX);
            }
        } catch (IOException e) {
            // It only saves time.
        }
    }

    /** Puts a file in its place at once, and removes the oldest of its kind if there are too many. */
    static void put(Path file, byte[] bytes, String suffix) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent());
        Path fresh = Files.createTempFile(directory, "new-", null, PrivateDirectory.mode("rw-------"));
        try {
            Files.write(fresh, bytes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        purge(directory, suffix);
    }

    /** Removes what was left behind, and what was not used for longest. Another start may do the same just now. */
    private static void purge(Path directory, String suffix) throws IOException {
        List<Path> kept = new ArrayList<>();
        Instant limit = Instant.now().minus(LEFT_BEHIND);
        for (Path each : PrivateDirectory.contents(directory)) {
            if (each.toString().endsWith(suffix)) {
                kept.add(each);
            } else if (isBefore(each, limit)) {
                Files.deleteIfExists(each);
            }
        }
        if (kept.size() > MAX_SCRIPTS) {
            kept.sort(Comparator.comparingLong(each -> each.toFile().lastModified()));
            for (Path each : kept.subList(0, kept.size() - MAX_SCRIPTS)) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static boolean isBefore(Path file, Instant limit) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(limit);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
