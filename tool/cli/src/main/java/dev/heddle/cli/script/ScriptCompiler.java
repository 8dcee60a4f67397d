package dev.heddle.cli.script;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import dev.heddle.cli.command.FailureException;
import dev.heddle.internal.Hash;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The JDK's compiler, into memory; with the options of the JDK's own launcher of source files. */
final class ScriptCompiler {

    private static final List<String> OPTIONS = List.of("-g", "-proc:none", "-Xdiags:verbose", "-Xlint:deprecation",
            "-Xlint:unchecked", "-Xlint:-options", "-implicit:class");

    private ScriptCompiler() {}

    /**
     * Compiles a file and the source files beside it that it uses.
     *
     * @param options more options
     * @param messages where the compiler says what it has to say
     * @param sources is given each of those beside it, by the end also of a compilation that fails
     * @throws FailureException if it does not compile; why is told by then
     */
    static ScriptClasses compile(Path file, byte[] text, String classPath, List<String> options, PrintWriter messages,
            Consumer<Path> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new FailureException("this Java has no compiler; install a JDK and point JAVA_HOME to it");
        }
        List<String> all = new ArrayList<>(OPTIONS);
        all.addAll(options);
        all.addAll(List.of("--class-path", classPath));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            var output = new Output(files);
            var parsed = new Parsed(file);
            JavaFileObject source = new Source(file, new String(text, StandardCharsets.UTF_8));
            // The package says where the files beside it are, and only the parser knows the package.
            JavacTask look = task(compiler.getTask(
                    Writer.nullWriter(), files, d -> {}, all, null, List.of(source)));
            CompilationUnitTree unit = look.parse().iterator().next();
            Path root = root(file, unit);
            if (root != null) {
                files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of(root)); // it may have colons
            }
            all.addAll(modules(unit, classPath));
            JavacTask task = task(compiler.getTask(messages, output, null, all, null, List.of(source)));
            task.addTaskListener(parsed);
            boolean isWhole = task.call();
            parsed.others.forEach(sources);
            if (!isWhole) {
                messages.flush();
                throw new FailureException("compilation failed");
            }
            messages.flush();
            return new ScriptClasses(main(unit, file), parsed.sources(), output.classes());
        }
    }

    /**
     * The options by which {@code import module} finds modules on the class path, which are no modules when it runs.
     * Without such an import there are none, and all classes count, exported or not.
     */
    private static List<String> modules(CompilationUnitTree unit, String classPath) {
        List<String> names = unit.getImports().stream()
                .filter(ImportTree::isModule)
                .map(each -> each.getQualifiedIdentifier().toString())
                .filter(name -> ModuleFinder.ofSystem().find(name).isEmpty())
                .toList();
        if (names.isEmpty()) {
            return List.of();
        }
        String path = ClassPath.withLibraries(classPath).stream()
                .filter(ScriptCompiler::isModule)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        return List.of("--module-path", path, "--add-modules", String.join(",", names));
    }

    private static boolean isModule(Path path) {
        try {
            return ModuleFinder.of(path).findAll().stream().anyMatch(found -> !found.descriptor().isAutomatic());
        } catch (FindException e) {
            return false; // no name could be made of its own
        }
    }

    private static JavacTask task(JavaCompiler.CompilationTask task) {
        return (JavacTask) task;
    }

    /** The directory that the packages of the file begin in; null if the file is elsewhere than its package says. */
    private static @Nullable Path root(Path file, CompilationUnitTree unit) {
        Path root = file.toAbsolutePath().normalize().getParent();
        if (unit.getPackageName() == null || root == null) {
            return root;
        }
        Path names = Path.of(unit.getPackageName().toString().replace('.', File.separatorChar));
        if (!root.endsWith(names)) {
            return null;
        }
        for (int i = 0; i < names.getNameCount() && root != null; i++) {
            root = root.getParent();
        }
        return root;
    }

    private static String main(CompilationUnitTree unit, Path file) {
        String inside = unit.getPackageName() == null ? "" : unit.getPackageName() + ".";
        for (Tree each : unit.getTypeDecls()) {
            if (each instanceof ClassTree type) {
                return inside + type.getSimpleName();
            }
        }
        throw new FailureException("no class in " + file.getFileName());
    }

    /** The file as it was read, whatever stands there by now. */
    private static final class Source extends SimpleJavaFileObject {

        private final Path file;
        private final String text;

        private Source(Path file, String text) {
            super(file.toUri(), Kind.SOURCE);
            this.file = file;
            this.text = text;
        }

        @Override
        public String getName() {
            return file.toString();
        }

        /** A public class may have another name than the file, as for the launcher of Java. */
        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE && SourceVersion.isIdentifier(simpleName);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreErrors) {
            return text;
        }
    }

    /** Which files the compiler has read beside the one that it was given. */
    private static final class Parsed implements TaskListener {

        /** Above the grain of the times of files. */
        private static final long GRAIN_MILLIS = 1_000;

        private final URI own;
        private final long began = System.currentTimeMillis();
        private final List<Path> others = new ArrayList<>();

        private Parsed(Path file) {
            this.own = file.toUri();
        }

        @Override
        public void started(TaskEvent event) {
            JavaFileObject source = event.getSourceFile();
            if (event.getKind() == TaskEvent.Kind.PARSE && source != null && !source.toUri().equals(own)) {
                others.add(Path.of(source.toUri()));
            }
        }

        private Map<String, String> sources() throws IOException {
            Map<String, String> hashes = new LinkedHashMap<>();
            for (Path other : others) {
                // What has changed since may be another text than the compiler has read: it fits no hash.
                boolean isOld = Files.getLastModifiedTime(other).toMillis() < began - GRAIN_MILLIS;
                hashes.put(other.toString(),
                        isOld ? HexFormat.of().formatHex(Hash.sha256(Files.readAllBytes(other))) : "");
            }
            return hashes;
        }
    }

    /** What the compiler writes, kept. */
    private static final class Output extends ForwardingJavaFileManager<StandardJavaFileManager> {

        private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        private Output(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind,
                @Nullable FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    var bytes = new ByteArrayOutputStream();
                    written.put(name, bytes);
                    return bytes;
                }
            };
        }

        private Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new LinkedHashMap<>();
            written.forEach((name, bytes) -> classes.put(name, Objects.requireNonNull(bytes).toByteArray()));
            return classes;
        }
    }
}
