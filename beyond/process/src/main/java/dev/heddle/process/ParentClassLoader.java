package dev.heddle.process;

import org.jspecify.annotations.Nullable;

/**
 * A class loader that finds classes that are not on the class path where the parent has them: those of a program that
 * was started from its source file exist in the parent's memory only.
 */
final class ParentClassLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final Worker worker;

    ParentClassLoader(Worker worker, @Nullable ClassLoader classPath) {
        super("parent process", classPath);
        this.worker = worker;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = worker.wantedClass(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
