package dev.heddle.generators;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A class, and those inside it, compiled in memory.
 *
 * @param files what each class is in its file
 */
record CompiledClass(String name, Map<String, byte[]> files) {

    /** Compiles a source file. */
    static CompiledClass of(String name, String source) {
        return new CompiledClass(name, compile(name, source));
    }

    /** Loads it in a loader of its own, which has the files too. */
    Class<?> load() throws ClassNotFoundException {
        return load(files);
    }

    /** Loads it in a loader that has other files than it was loaded from. */
    Class<?> load(Map<String, byte[]> others) throws ClassNotFoundException {
        return new Loader(files, others).loadClass(name);
    }

    private static Map<String, byte[]> compile(String main, String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        Map<String, byte[]> classes = new HashMap<>();
        StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null);
        var files = new ForwardingJavaFileManager<JavaFileManager>(standard) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                    Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return new Written(name, classes);
            }
        };
        boolean compiled = compiler.getTask(said, files, null, List.of("-g", "-nowarn", "-proc:none"), null,
                List.of(new Source(main, source))).call();
        if (!compiled) {
            throw new AssertionError(said + source);
        }
        return classes;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Written extends SimpleJavaFileObject {
        private final String name;
        private final Map<String, byte[]> classes;

        Written(String name, Map<String, byte[]> classes) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
            this.name = name;
            this.classes = classes;
        }

        @Override
        public OutputStream openOutputStream() {
            return new ByteArrayOutputStream() {
                @Override
                public void close() {
                    classes.put(name, toByteArray());
                }
            };
        }
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;
        private final Map<String, byte[]> files;

        Loader(Map<String, byte[]> classes, Map<String, byte[]> files) {
            super(CompiledClass.class.getClassLoader());
            this.classes = classes;
            this.files = files;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            byte[] bytes = files.get(name.replace(".class", "").replace('/', '.'));
            return bytes == null ? null : new ByteArrayInputStream(bytes);
        }
    }
}
