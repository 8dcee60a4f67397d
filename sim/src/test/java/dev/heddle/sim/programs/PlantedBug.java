package dev.heddle.sim.programs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A bug that is planted in a copy of one class of Heddle, to see that random programs find it.
 *
 * @param words what goes wrong, for people
 * @param source the file, below {@code core/src/main/java/dev/heddle}
 * @param right what stands there once
 * @param wrong what stands there instead
 */
record PlantedBug(String words, String source, String right, String wrong) {

    private static final Path SOURCES = Path.of("..", "core", "src", "main", "java", "dev", "heddle");
    private static final String OURS = "dev.heddle.";

    /** Each kind of loss that the model should see. */
    static final List<PlantedBug> ALL = List.of(
            new PlantedBug(
                    "lost wake-up: an event wakes only the first of those who wait",
                    "sync/Event.java",
                    "waiting.wakeAll();",
                    "waiting.wakeFirst();"),
            new PlantedBug(
                    "swallowed cancel: a scope that is cancelled itself swallows a cancel from outside",
                    "CancelScope.java",
                    "if (isCancelledFromOutside()) {",
                    "if (isCancelledFromOutside() && own == null) {"),
            new PlantedBug(
                    "unreleased token: a body that fails keeps what it had acquired",
                    "sync/Acquirable.java",
                    "                release();\n            } catch",
                    "                Objects.requireNonNull(e);\n            } catch"),
            new PlantedBug(
                    "doubled element: what is handed to a waiting receiver stays in the buffer",
                    "sync/ChannelState.java",
                    "                taken++;\n                return true;",
                    "                if (capacity > 0) {\n                    buffer.add(element);\n                }\n"
                            + "                return true;"),
            new PlantedBug(
                    "lost element: a cancel throws away what was handed to a waiting call",
                    "Waiter.java",
                    "                LockSupport.park();\n                task.noticeInterrupt();\n            }\n"
                            + "        } finally {\n            end(task);\n        }\n    }\n\n    /**\n"
                            + "     * Waits until {@link #complete} is called, but",
                    "                LockSupport.park();\n                task.noticeInterrupt();\n            }\n"
                            + "            task.throwIfCancelled();\n"
                            + "        } finally {\n            end(task);\n        }\n    }\n\n    /**\n"
                            + "     * Waits until {@link #complete} is called, but"),
            new PlantedBug(
                    "child outlives its group: a group whose body was cancelled does not wait for its tasks",
                    "TaskGroup.java",
                    "        awaitTasks();\n        stopServices();\n        closed = true;",
                    "        if (cancelled == null) {\n            awaitTasks();\n        }\n        stopServices();\n"
                            + "        closed = true;"),
            new PlantedBug(
                    "lost failure: a group keeps its first failure only",
                    "TaskGroup.java",
                    "        failures.add(failure);\n",
                    "        if (failures.isEmpty()) {\n            failures.add(failure);\n        }\n"),
            new PlantedBug(
                    "forgotten deadline: one inside another is not set",
                    "CancelScope.java",
                    "if (own == null) {\n            deadline =",
                    "if (own == null && (parent == null || !parent.hasDeadline())) {\n            deadline ="),
            new PlantedBug(
                    "broken order: permits go to who came last",
                    "internal/WaitLine.java",
                    "for (C head = first; head != null; head = first) {",
                    "for (C head = last; head != null; head = last) {"),
            new PlantedBug(
                    "leaking shield: a cancel that comes later goes through a shield",
                    "CancelScope.java",
                    "next.shield || next.effectiveReason",
                    "next.effectiveReason"),
            new PlantedBug(
                    "untold failure: what a task leaves unjoined when its owner ends is dropped",
                    "TaskGroup.java",
                    "note : List.copyOf(unseen)",
                    "note : List.<UnretrievedFailure>of()"),
            new PlantedBug(
                    "forgotten call: a cancelled send stays in line",
                    "sync/WaitList.java",
                    "            if (!decided) {",
                    "            if (!decided && limit != null) {"),
            new PlantedBug(
                    "kept turn: a cancelled send to a broadcast does not let the next one have its turn",
                    "sync/Broadcast.java",
                    "        } finally {\n            turn.tryReceive(null);\n        }",
                    "        } catch (ClosedException e) {\n            turn.tryReceive(null);\n            throw e;\n"
                            + "        }\n        turn.tryReceive(null);"),
            new PlantedBug(
                    "impatient supervisor: its back-off does not grow",
                    "Supervision.java",
                    "delay(++inRow)",
                    "delay(1)"));

    /** Its own programs until one finds it. */
    record Found(long programs, String smallest) {}

    /** The changed source. Fails if what is to be changed does not stand there once. */
    String changedSource() throws IOException {
        String text = Files.readString(SOURCES.resolve(source));
        int place = text.indexOf(right);
        if (place < 0 || text.indexOf(right, place + 1) >= 0) {
            throw new IllegalStateException("\"" + words + "\" does not fit " + source + " any more: not once there is "
                    + right);
        }
        return text.replace(right, wrong);
    }

    /** Searches in a copy of all of Heddle that has this bug. */
    Found find(long most) throws Exception {
        ClassLoader copy = new Copy(compile());
        Class<?> search = Class.forName(ProgramSearch.class.getName(), true, copy);
        var hunt = search.getDeclaredMethod("hunt", long.class);
        hunt.setAccessible(true);
        String[] found = (String[]) hunt.invoke(null, most);
        if (found.length == 0) {
            throw new AssertionError(most + " programs did not find: " + words);
        }
        return new Found(Long.parseLong(found[0]), found[1]);
    }

    /** The classes of the changed source, by name. */
    private Map<String, byte[]> compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        var messages = new java.io.StringWriter();
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
            super(URI.create("memory:///dev/heddle/" + name), Kind.SOURCE);
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

    /** Loads all of Heddle once more, with some classes changed. */
    private static final class Copy extends ClassLoader {

        private final Map<String, byte[]> changed;

        Copy(Map<String, byte[]> changed) {
            super(PlantedBug.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OURS)) {
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
