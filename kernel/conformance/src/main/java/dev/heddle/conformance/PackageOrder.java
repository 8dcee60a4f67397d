package dev.heddle.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The order in which the packages of a module stand on each other, held by its class files. Each row names a package
 * and those right below it, which have rows already: so no order has a circle. A package may use what is below it,
 * however far.
 *
 * <pre>{@code
 * PackageOrder.of(Headers.class)
 *         .row("dev.heddle.http.internal.syntax")
 *         .row("dev.heddle.http", "dev.heddle.http.internal.syntax")
 *         .row("dev.heddle.http.client", "dev.heddle.http")
 *         .row("dev.heddle.http.server", "dev.heddle.http")
 *         .check();
 * }</pre>
 *
 * <p>What only the source knows is not seen: links of javadoc, and constants, which the compiler copies.
 *
 * <p>Threads: one.
 */
public final class PackageOrder {

    /** With more source files a package is no room in which one finds things. */
    public static final int MAX_FILES = 75;

    /** The name of a class in a descriptor or signature. */
    private static final Pattern TYPE = Pattern.compile("L([\\w/$]+)[;<]");

    private final Path classes;

    /** Packages with all that are below them. */
    private final Map<String, Set<String>> below = new LinkedHashMap<>();

    /** Classes that have a row apart from that of their package. */
    private final Map<String, String> words = new HashMap<>();

    /** Packages that share a row. */
    private final Map<String, String> knots = new HashMap<>();

    /** Packages that may have more than {@link #MAX_FILES}. */
    private final Map<String, Integer> larger = new HashMap<>();

    private PackageOrder(Path classes) {
        this.classes = classes;
    }

    /** The order of the module that has a class, from wherever it was loaded. */
    public static PackageOrder of(Class<?> ofTheModule) {
        try {
            return new PackageOrder(
                    Path.of(ofTheModule.getProtectionDomain().getCodeSource().getLocation().toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no place of files", e);
        }
    }

    /**
     * The order of other class files.
     *
     * @param classes a directory, or a jar
     */
    public static PackageOrder of(Path classes) {
        return new PackageOrder(classes);
    }

    /**
     * Adds a package.
     *
     * @param lower packages of earlier rows that it may use, with all below them
     * @throws IllegalArgumentException if one of them has no row yet
     */
    public PackageOrder row(String name, String... lower) {
        var all = new TreeSet<String>();
        for (String each : lower) {
            Set<String> more = below.get(each);
            if (more == null) {
                throw new IllegalArgumentException(each + " has no row yet: an order has no circles");
            }
            all.add(each);
            all.addAll(more);
        }
        below.put(name, all);
        return this;
    }

    /**
     * Adds classes of a package that stand below it, apart from the rest: the words that hidden packages under it speak
     * too. The row is named {@code words of} the package.
     *
     * @param names of classes of the package, without it
     */
    public PackageOrder words(String name, String... names) {
        String row = "words of " + name;
        return apart(row, name, names).row(row);
    }

    /**
     * Puts classes of a package into another row: those that stand above the rest of it.
     *
     * @param names of classes of the package, without it
     */
    public PackageOrder apart(String row, String name, String... names) {
        for (String each : names) {
            words.put(name.replace('.', '/') + "/" + each, row);
        }
        return this;
    }

    /**
     * Ties packages together that know each other both ways: they share a row, which is still to come. Who ties a knot
     * says why nobody has untied it.
     */
    public PackageOrder knot(String row, String... packages) {
        for (String each : packages) {
            knots.put(each, row);
        }
        return this;
    }

    /** Lets a package have more files than {@link #MAX_FILES}, for a reason that whoever does so says. */
    public PackageOrder larger(String name, int files) {
        larger.put(name, files);
        return this;
    }

    /**
     * Checks the order, and the size of its packages.
     *
     * @throws AssertionError if something is against it; says what, and the way out
     */
    public void check() {
        List<String> faults = faults();
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join("\n", faults));
        }
    }

    /** What is against the order, in lines for people; empty if nothing is. */
    public List<String> faults() {
        var faults = new TreeSet<String>();
        var files = new TreeMap<String, Set<String>>();
        read(model -> {
            String user = rowOf(model.thisClass().asInternalName());
            model.findAttribute(Attributes.sourceFile())
                    .ifPresent(source -> files
                            .computeIfAbsent(packageOf(model.thisClass().asInternalName()), name -> new TreeSet<>())
                            .add(source.sourceFile().stringValue()));
            Set<String> lower = below.get(user);
            if (lower == null) {
                faults.add("package " + user + " has no row in the order: give it one behind those that it uses");
                return;
            }
            for (String type : typesIn(model)) {
                String used = rowOf(type);
                if (below.containsKey(used) && !used.equals(user) && !lower.contains(used)) {
                    faults.add(model.thisClass().asInternalName().replace('/', '.') + " uses " + type.replace('/', '.')
                            + ", but " + (below.get(used).contains(user)
                                    ? used + " stands above " + user
                                    : used + " and " + user + " do not know each other")
                            + ": move what both need below both, or have the upper one hand it over as a value or an interface");
                }
            }
        });
        files.forEach((name, sources) -> {
            int most = larger.getOrDefault(name, MAX_FILES);
            if (sources.size() > most) {
                faults.add("package " + name + " has " + sources.size() + " files, at most " + most
                        + ": move a group that uses nothing else of it into a package of its own, hidden in \"internal\" if users"
                        + " do not need it, and give that a row before this one");
            }
        });
        return List.copyOf(faults);
    }

    private void read(Consumer<ClassModel> reader) {
        try {
            if (Files.isDirectory(classes)) {
                read(classes, reader);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(classes)) {
                    read(jar.getPath("/"), reader);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(Path root, Consumer<ClassModel> reader) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(root)) {
            files = all.filter(file -> file.toString().endsWith(".class") && !file.endsWith("module-info.class"))
                    .toList();
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no class files in " + root);
        }
        for (Path file : files) {
            reader.accept(ClassFile.of().parse(Files.readAllBytes(file)));
        }
    }

    /** All types that a class names, by their binary names with slashes. */
    static Set<String> typesIn(ClassModel model) {
        var types = new TreeSet<String>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> add(types, type.asInternalName());
                case NameAndTypeEntry member -> add(types, member.type().stringValue());
                case MethodTypeEntry method -> add(types, method.descriptor().stringValue());
                default -> {}
            }
        }
        model.findAttribute(Attributes.signature()).ifPresent(it -> add(types, it.signature().stringValue()));
        model.fields().forEach(field -> {
            add(types, field.fieldType().stringValue());
            field.findAttribute(Attributes.signature()).ifPresent(it -> add(types, it.signature().stringValue()));
        });
        model.methods().forEach(method -> {
            add(types, method.methodType().stringValue());
            method.findAttribute(Attributes.signature()).ifPresent(it -> add(types, it.signature().stringValue()));
        });
        return types;
    }

    /** Adds the types of a descriptor or signature, or the one that is named without one. */
    private static void add(Set<String> types, String text) {
        Matcher matcher = TYPE.matcher(text);
        boolean found = false;
        while (matcher.find()) {
            types.add(matcher.group(1));
            found = true;
        }
        if (!found && text.indexOf('/') > 0) {
            types.add(text);
        }
    }

    private String rowOf(String type) {
        int nested = type.indexOf('$');
        String row = words.get(nested < 0 ? type : type.substring(0, nested));
        return row == null ? knots.getOrDefault(packageOf(type), packageOf(type)) : row;
    }

    private static String packageOf(String type) {
        int end = type.lastIndexOf('/');
        return end < 0 ? "" : type.substring(0, end).replace('/', '.');
    }
}
