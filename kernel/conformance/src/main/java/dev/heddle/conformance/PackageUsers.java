package dev.heddle.conformance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packages of Heddle on the class path, and which of them use which: one names a type of the other, as code or as
 * text, or a service of which the other has a provider. Those of one module use each other all: while they are loaded
 * they hand each other what is hidden.
 *
 * <p>Threads: any.
 */
final class PackageUsers {

    private static final Pattern CLASS_NAME = Pattern.compile("dev\\.heddle[.\\w]*\\.[A-Z][\\w$]*");

    /** Packages with those that use them. */
    private final Map<String, Set<String>> users = new HashMap<>();

    PackageUsers(String classPath) throws IOException {
        for (String each : classPath.split(File.pathSeparator, -1)) {
            Path place = Path.of(each);
            if (Files.isDirectory(place) && !each.isEmpty()) { // as it is behind the last separator
                read(place);
            } else if (each.endsWith(".jar") && place.getFileName().toString().startsWith("heddle-")) {
                try (FileSystem jar = FileSystems.newFileSystem(place)) {
                    read(jar.getPath("/"));
                }
            }
        }
    }

    /** The packages of this JVM's class path, which is read when first asked for. */
    static PackageUsers here() {
        return OfClassPath.PACKAGES;
    }

    /** Some packages, and all that use one of them, by however many steps. */
    Set<String> with(Collection<String> packages) {
        var all = new HashSet<>(packages);
        var open = new ArrayDeque<>(packages);
        while (!open.isEmpty()) {
            for (String user : users.getOrDefault(open.pop(), Set.of())) {
                if (all.add(user)) {
                    open.push(user);
                }
            }
        }
        return all;
    }

    /** The package of a type, by its name with dots. */
    static String packageOf(String type) {
        return type.substring(0, Math.max(0, type.lastIndexOf('.')));
    }

    private void read(Path root) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        boolean isModule = Files.exists(root.resolve("module-info.class"));
        String previous = "";
        for (Path file : files) {
            if (file.toString().endsWith(".class") && !file.endsWith("module-info.class")) {
                ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
                String name = packageOf(model.thisClass().asInternalName().replace('/', '.'));
                addUses(name, model);
                if (isModule && !previous.isEmpty()) {
                    addUse(name, previous);
                    addUse(previous, name);
                }
                previous = name;
            } else if (file.startsWith(root.resolve("META-INF/services"))) {
                for (String provider : Files.readAllLines(file)) {
                    addUse(packageOf(file.getFileName().toString()), packageOf(provider));
                }
            }
        }
    }

    private void addUses(String user, ClassModel model) {
        PackageOrder.typesIn(model).forEach(type -> addUse(user, packageOf(type.replace('/', '.'))));
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof StringEntry text && CLASS_NAME.matcher(text.stringValue()).matches()) {
                addUse(user, packageOf(text.stringValue()));
            }
        }
    }

    private void addUse(String user, String used) {
        if (!used.equals(user)) {
            users.computeIfAbsent(used, name -> new HashSet<>()).add(user);
        }
    }

    private static final class OfClassPath {

        static final PackageUsers PACKAGES = read();

        private static PackageUsers read() {
            try {
                return new PackageUsers(System.getProperty("java.class.path"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
