package dev.heddle.cli.script;

import dev.heddle.internal.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The libraries of {@code --dep} and what they need at run time, as jars in Maven's local repository. Which these are
 * is kept, as {@link ScriptCache} keeps scripts, so that Maven starts once only, and again if one of the jars is gone.
 */
final class Dependencies {

    private static final String SUFFIX = ".jars";

    private Dependencies() {}

    /** What finds jars where nothing is kept. */
    @FunctionalInterface
    interface Resolver {

        /**
         * The jars of libraries with all that they need.
         *
         * @throws dev.heddle.cli.command.FailureException if one is not to be had
         */
        List<Path> resolve(List<Coordinates> wanted) throws IOException;
    }

    /**
     * The jars, in the order in which Maven puts them.
     *
     * @throws dev.heddle.cli.command.FailureException if one is not to be had
     */
    static List<Path> resolve(List<Coordinates> wanted, Resolver resolver) throws IOException {
        if (wanted.isEmpty()) {
            return List.of();
        }
        Path kept = file(wanted);
        List<Path> known = kept == null ? null : read(kept);
        if (known != null) {
            return known;
        }
        List<Path> found = resolver.resolve(wanted);
        if (kept != null) {
            String text = found.stream().map(jar -> jar + "\n").collect(Collectors.joining());
            try {
                ScriptCache.put(kept,
                        (HexFormat.of().formatHex(Hash.sha256(text)) + "\n" + text).getBytes(StandardCharsets.UTF_8),
                        SUFFIX);
            } catch (IOException e) {
                // Then Maven starts again.
            }
        }
        return found;
    }

    private static @Nullable Path file(List<Coordinates> wanted) {
        try {
            Path directory = ScriptCache.directory("dependencies");
            // The repository is the home's unless Maven is told of another one, and then by these.
            String where = System.getProperty("user.home") + "\0" + System.getenv("MAVEN_OPTS") + "\0"
                    + System.getenv("MAVEN_ARGS");
            return directory == null
                    ? null
                    : directory.resolve(HexFormat.of().formatHex(Hash.sha256(wanted + "\0" + where)) + SUFFIX);
        } catch (IOException | RuntimeException e) {
            // Then Maven starts each time.
            return null;
        }
    }

    /** Null if nothing is kept, or it is not whole, or a jar is gone. */
    private static @Nullable List<Path> read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return null;
            }
            String all = Files.readString(file);
            int end = all.indexOf('\n');
            String text = all.substring(end + 1);
            if (end < 0 || !HexFormat.of().formatHex(Hash.sha256(text)).equals(all.substring(0, end))) {
                return null;
            }
            List<Path> jars = text.lines().map(Path::of).toList();
            return jars.stream().allMatch(Files::isRegularFile) ? jars : null;
        } catch (IOException | RuntimeException e) {
            // Found anew.
            return null;
        }
    }
}
