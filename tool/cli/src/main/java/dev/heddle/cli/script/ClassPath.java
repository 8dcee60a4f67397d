package dev.heddle.cli.script;

import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The directories and jars that a user wants behind Heddle's own. */
public final class ClassPath {

    /** Most files of all directories that are looked at, so that a start stays one. Above there is no caching. */
    static final int MAX_FILES = 10_000;

    private static final String ALL_JARS = "*";

    private final List<Path> entries;

    private ClassPath(List<Path> entries) {
        this.entries = entries;
    }

    /**
     * Looks the values of {@code --class-path} up, as Java reads them: paths joined by the system's separator, and
     * {@code directory/*} for all jars in it, here in the order of their names.
     *
     * @throws UsageException if something is not there or is neither a directory nor a jar
     */
    public static ClassPath of(List<String> values) {
        List<Path> entries = new ArrayList<>();
        for (String value : values) {
            for (String each : value.split(File.pathSeparator, -1)) {
                add(entries, each);
            }
        }
        return new ClassPath(List.copyOf(entries));
    }

    private static void add(List<Path> entries, String text) {
        if (text.isBlank()) {
            throw refusal("an empty path; the directory you are in is \".\"");
        }
        try {
            if (text.equals(ALL_JARS) || text.endsWith(File.separator + ALL_JARS)) {
                String directory = text.substring(0, text.length() - 1);
                entries.addAll(jars(Path.of(directory.isEmpty() ? "." : directory), text));
                return;
            }
            Path path = Path.of(text);
            if (!Files.exists(path)) {
                throw refusal("no such directory or jar: " + HumanFormat.printable(text) + "; paths start from "
                        + HumanFormat.printable(Path.of("").toAbsolutePath().toString()) + ", and are joined by "
                        + File.pathSeparator);
            }
            if (!Files.isDirectory(path) && !isJar(path)) {
                throw refusal("neither a directory nor a jar: " + HumanFormat.printable(text));
            }
            entries.add(path.toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            throw refusal("no path: " + HumanFormat.printable(text));
        }
    }

    private static List<Path> jars(Path directory, String text) {
        try (Stream<Path> all = Files.list(directory)) {
            List<Path> jars = all.filter(ClassPath::isJar).map(path -> path.toAbsolutePath().normalize()).sorted()
                    .toList();
            if (jars.isEmpty()) {
                throw refusal("no jars in " + HumanFormat.printable(text));
            }
            return jars;
        } catch (IOException e) {
            throw refusal("no directory to read: " + HumanFormat.printable(text));
        }
    }

    private static boolean isJar(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return (name.endsWith(".jar") || name.endsWith(".zip")) && Files.isRegularFile(path);
    }

    private static UsageException refusal(String what) {
        return new UsageException(ScriptArguments.CLASS_PATH + " has " + what);
    }

    /** What is there of a class path of Java's, and of the jars in {@code lib} beside a jar, as the command's is. */
    static List<Path> withLibraries(String classPath) {
        List<Path> all = new ArrayList<>();
        for (String each : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(each);
            if (!each.isEmpty() && Files.exists(path)) {
                all.add(path);
                Path libraries = path.toAbsolutePath().resolveSibling("lib");
                if (Files.isRegularFile(path) && Files.isDirectory(libraries)) {
                    all.addAll(jars(libraries, libraries.toString()));
                }
            }
        }
        return all;
    }

    /** This one with jars behind it. */
    ClassPath and(List<Path> jars) {
        List<Path> all = new ArrayList<>(entries);
        all.addAll(jars);
        return new ClassPath(List.copyOf(all));
    }

    /** Jars and directories, absolute. */
    public List<Path> entries() {
        return entries;
    }

    /** The same as the value of Java's option. */
    String text() {
        return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
    }

    URL[] urls() throws MalformedURLException {
        var urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = entries.get(i).toUri().toURL();
        }
        return urls;
    }

    /**
     * Adds what tells this class path from another one, and from itself after a change: names, sizes and times of all
     * files. False if there are too many.
     */
    boolean describe(StringBuilder text) throws IOException {
        int files = 0;
        for (Path entry : entries) {
            try (Stream<Path> all = Files.walk(entry)) {
                for (Path file : (Iterable<Path>) all.sorted()::iterator) {
                    if (++files > MAX_FILES) {
                        return false;
                    }
                    describe(file, text);
                }
            }
        }
        return true;
    }

    static void describe(Path file, StringBuilder text) throws IOException {
        text.append(file).append('\0');
        if (Files.isRegularFile(file)) {
            text.append(Files.size(file)).append(' ').append(Files.getLastModifiedTime(file).toMillis());
        }
        text.append('\0');
    }
}
