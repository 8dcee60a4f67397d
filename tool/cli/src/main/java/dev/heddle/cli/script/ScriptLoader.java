package dev.heddle.cli.script;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLClassLoader;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The loader of a script's classes, which come first, then Heddle's, then those of the user's class path. */
final class ScriptLoader extends URLClassLoader {

    private static final String CLASS = ".class";

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> classes;
    private final ProtectionDomain domain;

    ScriptLoader(URI source, Map<String, byte[]> classes, ClassPath classPath) throws IOException {
        super(classPath.urls(), ClassLoader.getSystemClassLoader());
        this.classes = classes;
        this.domain = new ProtectionDomain(new CodeSource(source.toURL(), (CodeSigner[]) null), null, this, null);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            Class<?> type = loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length, domain);
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    /** Also the script's own classes: the workers of a process pool are given them. */
    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        byte @Nullable [] bytes = name.endsWith(CLASS)
                ? classes.get(name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
                : null;
        return bytes != null ? new ByteArrayInputStream(bytes) : super.getResourceAsStream(name);
    }
}
