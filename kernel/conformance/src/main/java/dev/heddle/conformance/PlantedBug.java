package dev.heddle.conformance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A bug that is planted in a copy of one class of Heddle, to see that a search finds it.
 *
 * <p>Threads: any; it holds nothing.
 *
 * @param words what goes wrong, for people
 * @param sources the folder of the packages: {@code ../kernel/core/src/main/java}
 * @param source the file below it: {@code dev/heddle/Task.java}
 * @param right what stands there once
 * @param wrong what stands there instead
 */
public record PlantedBug(String words, Path sources, String source, String right, String wrong) {

    /** Looks for a bug that is planted. */
    @FunctionalInterface
    public interface Hunt {

        /** What is found of it; empty for nothing. */
        String find(PlantedBug planted) throws Exception;
    }

    /**
     * Plants bugs, one after another, and prints what is found.
     *
     * @return those of which nothing is found
     */
    public static List<String> missed(List<PlantedBug> bugs, Hunt hunt) throws Exception {
        List<String> missed = new ArrayList<>();
        for (PlantedBug each : bugs) {
            String found = hunt.find(each);
            System.out.println("## " + each.words() + "\n" + (found.isEmpty() ? "not found" : found));
            if (found.isEmpty()) {
                missed.add(each.words());
            }
        }
        return missed;
    }

    /**
     * The changed source.
     *
     * @throws IllegalStateException if what is to be changed does not stand there once
     */
    public String changedSource() throws IOException {
        String text = Files.readString(sources.resolve(source));
        int place = text.indexOf(right);
        if (place < 0 || text.indexOf(right, place + 1) >= 0) {
            throw new IllegalStateException("\"" + words + "\" does not fit " + source + ": not once there is "
                    + right);
        }
        return text.replace(right, wrong);
    }

    /**
     * Another copy of a class, for which Heddle has this bug. It is to be asked in words that every class loader
     * knows. What cannot reach the changed class is not copied, and so as warm as the tests before have left it.
     */
    public Class<?> plantBehind(Class<?> search) throws IOException {
        try {
            Map<String, byte[]> changed = compile();
            var packages = new HashSet<String>(Set.of(search.getPackageName()));
            changed.keySet().forEach(name -> packages.add(PackageUsers.packageOf(name)));
            var copy = new Copy(search.getClassLoader(), changed, PackageUsers.here().with(packages));
            return Class.forName(search.getName(), true, copy);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs the tests of suites in a copy of Heddle that has this bug, until one fails. A test that waits for ever
     * has failed.
     *
     * <p>Threads: any; suites that count the descriptors of the process want to be alone.
     *
     * @param suites classes with tests that have no set-up of their own, the likeliest first
     * @return the test, and how it failed; empty if none did
     */
    public Optional<String> foundBy(List<Class<?>> suites) throws IOException, InterruptedException {
        Class<?> hunt = plantBehind(SuiteHunt.class);
        try {
            Method firstFailure = hunt.getDeclaredMethod("firstFailure", String.class);
            firstFailure.setAccessible(true);
            for (Class<?> suite : suites) {
                String found = (String) firstFailure.invoke(null, suite.getName());
                if (!found.isEmpty()) {
                    return Optional.of(found);
                }
            }
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(words + " cannot be looked for", e);
        }
    }

    /**
     * What a search finds in a copy of Heddle that has this bug.
     *
     * @param search a class with a constructor without arguments, that says what it has found, or nothing
     * @param most how many tries it has
     */
    @SuppressWarnings("unchecked") // an interface of the JDK's, which every class loader knows
    public String foundBy(Class<? extends LongFunction<String>> search, long most) throws IOException {
        Class<?> copy = plantBehind(search);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(copy.getClassLoader()); // by which bodies of pools find their classes
        try {
            Constructor<?> make = copy.getDeclaredConstructor();
            make.setAccessible(true);
            return ((LongFunction<String>) make.newInstance()).apply(most);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(words + " cannot be looked for", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The classes of the changed source, by name. */
    private Map<String, byte[]> compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        var messages = new StringWriter();
        try (var files = new Memory(compiler.getStandardFileManager(null, null, null), classes)) {
            List<String> options = List.of(
                    "-cp", System.getProperty("java.class.path"), "-proc:none", "-nowarn", "-XDignore.symbol.file",
                    "--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED");
            var unit = new Source(source, changedSource());
            if (!compiler.getTask(messages, files, null, options, null, List.of(unit)).call()) {
                throw new IllegalStateException("\"" + words + "\" does not compile:\n" + messages);
            }
        }
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, output) -> bytes.put(name, output.toByteArray()));
        return bytes;
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(URI.create("memory:///" + name), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> classes;

        Memory(JavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    var output = new ByteArrayOutputStream();
                    classes.put(name, output);
                    return output;
                }
            };
        }
    }

    /** Loads some packages once more, with some classes changed. */
    private static final class Copy extends ClassLoader {

        private final Map<String, byte[]> changed;
        private final Set<String> packages;

        Copy(ClassLoader original, Map<String, byte[]> changed, Set<String> packages) {
            super(original);
            this.changed = changed;
            this.packages = packages;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!packages.contains(PackageUsers.packageOf(name))) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] bytes = changed.getOrDefault(name, original(name));
                return defineClass(name, bytes, 0, bytes.length);
            }
        }

        private byte[] original(String name) throws ClassNotFoundException {
            try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return bytes.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
