package dev.heddle.os;

import dev.heddle.os.StartFailedException.Reason;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The search for the file of a program as a shell does it, in the {@code PATH} that the child itself will have; so all
 * engines find the same one, and say the same where there is none.
 */
final class Executables {

    /** What execvp(3) takes where there is no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private Executables() {}

    /**
     * The program's absolute file. Blocks for as long as the file system needs.
     *
     * @param name a path if it has a slash, relative to the directory; else looked for
     * @throws StartFailedException if there is none, it may not be run, or the directory is not there
     */
    static Path find(String name, Path directory, Map<String, String> environment) {
        Path base = directory.toAbsolutePath();
        if (!Files.isDirectory(base)) {
            throw new StartFailedException(name, Reason.NO_DIRECTORY, "there is no directory " + base, null);
        }
        if (File.separatorChar == '\\') {
            // CreateProcess looks for it in its own way, with endings of its own.
            return Path.of(name);
        }
        return name.indexOf('/') >= 0
                ? check(name, base.resolve(name))
                : search(name, base, Optional.ofNullable(environment.get("PATH")).orElse(DEFAULT_PATH));
    }

    private static Path check(String name, Path file) {
        if (!Files.exists(file)) {
            throw new StartFailedException(name, Reason.NOT_FOUND, "there is no file " + file, null);
        }
        if (!isProgram(file)) {
            throw notExecutable(name, file);
        }
        return file;
    }

    private static Path search(String name, Path base, String path) {
        Path refused = null;
        if (!name.isEmpty()) {
            for (String directory : path.split(":", -1)) {
                Path file = base.resolve(directory).resolve(name);
                if (isProgram(file)) {
                    return file;
                }
                refused = firstThere(refused, file);
            }
        }
        if (refused != null) {
            throw notExecutable(name, refused);
        }
        String shown = name.isEmpty() ? "\"\"" : name;
        throw new StartFailedException(shown, Reason.NOT_FOUND, "the command is not found; PATH is " + path, null);
    }

    private static @Nullable Path firstThere(@Nullable Path before, Path file) {
        return before == null && Files.isRegularFile(file) ? file : before;
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static StartFailedException notExecutable(String name, Path file) {
        String why = Files.isDirectory(file) ? file + " is a directory" : file + " is not executable for this user";
        return new StartFailedException(name, Reason.NOT_EXECUTABLE, why, null);
    }
}
