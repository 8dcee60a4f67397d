import module java.base;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeAnnotation.TargetType;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.reflect.AccessFlag;

/** The only package of each module that has no descriptor, since some jar that it needs cannot be a module. */
static final Map<String, String> WITHOUT_DESCRIPTOR = Map.of("cluster-zookeeper", "dev.heddle.cluster.zookeeper");

/**
 * Writes down the public API of each compiled module of a tree as sorted text, or compares it with the checked-in text.
 *
 * <p>API is what another module can name: the public and protected types and members of the packages exported to all.
 * What hidden supertypes have, members and further supertypes, counts for the type that inherits it. A type that no
 * other module can name is an error anywhere else. {@code @Nullable} is shown on parameters, results
 * and fields; deeper in a type it is not. Usage: {@code java ApiDump.java <tree> <folder> <update: true or false>};
 * classes lie in {@code <tree>/<house>/<module>/target/classes}; the text of {@code dev.heddle.core} is
 * {@code core.api} in the folder. What exports nothing has none.
 */
void main(String[] args) throws IOException {
    List<Path> modules;
    try (var found = Files.find(Path.of(args[0]), 4, (path, is) -> path.endsWith("target/classes"))) {
        modules = found.sorted().toList();
    }
    boolean passed = true;
    for (Path classes : modules) {
        String only = WITHOUT_DESCRIPTOR.get(classes.getParent().getParent().getFileName().toString());
        if (only == null && !Files.exists(classes.resolve("module-info.class"))) continue;
        passed &= pass(new Dump(classes, only == null ? List.of() : List.of(only)), Path.of(args[1]),
                args[2].equals("true"));
    }
    if (!passed) System.exit(1);
}

/** Whether the API of a module hides nothing that it names, and is what the file says, or has been written there. */
boolean pass(Dump dump, Path folder, boolean update) throws IOException {
    if (dump.exported.isEmpty()) return true;
    List<String> now = dump.lines();
    if (!dump.hidden.isEmpty()) {
        dump.hidden.forEach(System.err::println);
        System.err
                .println("The public API names types that no other module can name: hide the member, or show the type");
        return false;
    }
    String module = now.getFirst();
    Path file = folder.resolve(module.substring(module.lastIndexOf('.') + 1) + ".api");
    if (update) {
        Files.createDirectories(folder);
        Files.write(file, now);
        return true;
    }
    List<String> before = Files.exists(file) ? Files.readAllLines(file) : List.of();
    if (before.equals(now)) return true;
    System.err.println("The public API differs from api/" + file.getFileName() + ":");
    Set<String> old = qualified(before);
    Set<String> fresh = qualified(now);
    old.stream().filter(line -> !fresh.contains(line)).forEach(line -> System.err.println("  - " + line));
    fresh.stream().filter(line -> !old.contains(line)).forEach(line -> System.err.println("  + " + line));
    System.err.println("If this is meant, update the file and commit it: mvn verify -DskipTests -Dapi.update");
    return false;
}

/** The lines, each member behind its type, so that equal members of two types stay two lines. */
Set<String> qualified(List<String> lines) {
    var result = new LinkedHashSet<String>();
    String type = "";
    for (String line : lines) {
        if (line.startsWith("    ")) {
            result.add(type + " :: " + line.strip());
        } else if (!line.isEmpty()) {
            type = line;
            result.add(line);
        }
    }
    return result;
}

static final class Dump {
    private static final Set<String> OF_OBJECT = Set.of("equals(Object)", "hashCode()", "toString()");
    private static final Set<String> OF_ENUM = Set.of("values()", "valueOf(String)");

    private final Map<String, ClassModel> types = new TreeMap<>();

    /** Hidden supertypes that are of other modules of the same tree. */
    private final Map<String, ClassModel> others = new HashMap<>();

    private final Path classes;
    private final List<String> head = new ArrayList<>();
    final Set<String> exported = new TreeSet<>();

    /** Where the API names types that are none. */
    final Set<String> hidden = new TreeSet<>();

    private String place = "";

    Dump(Path classes, List<String> packages) throws IOException {
        this.classes = classes.toAbsolutePath().normalize();
        packages.forEach(name -> head.add("package " + name));
        exported.addAll(packages);
        List<Path> files;
        try (var walk = Files.walk(classes)) {
            files = walk.filter(path -> path.toString().endsWith(".class")).toList();
        }
        for (Path path : files) {
            ClassModel model = ClassFile.of().parse(path);
            if (model.isModuleInfo()) readModule(model);
            else types.put(model.thisClass().asInternalName(), model);
        }
    }

    List<String> lines() {
        var lines = new ArrayList<>(head);
        for (ClassModel type : types.values()) {
            if (!isApi(type)) continue;
            place = name(type.thisClass().asInternalName());
            lines.add("");
            lines.add(header(type));
            for (String member : members(type)) lines.add("    " + member);
        }
        return lines;
    }

    private void readModule(ClassModel model) {
        var module = model.findAttribute(Attributes.module()).orElseThrow();
        head.add("module " + module.moduleName().name().stringValue());
        module.exports().stream().filter(export -> export.exportsTo().isEmpty())
                .forEach(export -> exported.add(export.exportedPackage().name().stringValue().replace('/', '.')));
        module.requires().stream().filter(require -> require.has(AccessFlag.TRANSITIVE))
                .map(require -> "    requires transitive " + require.requires().name().stringValue()).sorted()
                .forEach(head::add);
        exported.forEach(name -> head.add("    exports " + name));
    }

    private Set<AccessFlag> flags(ClassModel type) {
        return nesting(type).map(InnerClassInfo::flags).orElse(type.flags().flags());
    }

    private Optional<InnerClassInfo> nesting(ClassModel type) {
        return type.findAttribute(Attributes.innerClasses()).stream().flatMap(inner -> inner.classes().stream())
                .filter(info -> info.innerClass().equals(type.thisClass())).findFirst();
    }

    private boolean isApi(ClassModel type) {
        return exported.contains(type.thisClass().asSymbol().packageName()) && isVisible(type);
    }

    /** Whether another module can name a type, of which nothing is known if it is of a third module. */
    private boolean isApi(String internalName) {
        ClassModel type = types.get(internalName);
        return type == null
                ? !internalName.startsWith("dev/heddle/") || !internalName.contains("/internal/")
                : isApi(type);
    }

    /** A hidden supertype, also one of another module, whose classes lie as those of this one do; null for others. */
    private ClassModel hiddenParent(String internalName) {
        if (isApi(internalName)) return null;
        return types.containsKey(internalName)
                ? types.get(internalName)
                : others.computeIfAbsent(internalName, this::ofOtherModule);
    }

    private ClassModel ofOtherModule(String internalName) {
        Path module = classes.getParent().getParent(); // of house/module/target/classes
        Path within = module.relativize(classes).resolve(internalName + ".class");
        try (var modules = Files.find(module.getParent().getParent(), 2, (path, is) -> is.isDirectory())) {
            Optional<Path> found = modules.map(path -> path.resolve(within)).filter(Files::exists).findFirst();
            return found.isEmpty() ? null : ClassFile.of().parse(found.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isVisible(ClassModel type) {
        Optional<InnerClassInfo> nesting = nesting(type);
        if (nesting.isEmpty()) return isVisible(type.flags().flags());
        return isVisible(nesting.get().flags())
                && nesting.get().outerClass().map(outer -> isVisible(types.get(outer.asInternalName()))).orElse(false);
    }

    private static boolean isVisible(Set<AccessFlag> flags) {
        return flags.contains(AccessFlag.PUBLIC) || flags.contains(AccessFlag.PROTECTED);
    }

    private String header(ClassModel type) {
        Set<AccessFlag> flags = flags(type);
        boolean isInterface = flags.contains(AccessFlag.INTERFACE);
        boolean isRecord = type.findAttribute(Attributes.record()).isPresent();
        boolean isEnum = flags.contains(AccessFlag.ENUM);
        var permits = type.findAttribute(Attributes.permittedSubclasses()).stream()
                .flatMap(attribute -> attribute.permittedSubclasses().stream()).map(entry -> entry.asInternalName())
                .toList();
        var text = new StringBuilder(deprecated(type.findAttribute(Attributes.deprecated()).isPresent()));
        for (AccessFlag flag : flags) {
            boolean implied = isInterface && (flag == AccessFlag.ABSTRACT || flag == AccessFlag.STATIC)
                    || (isRecord || isEnum) && (flag != AccessFlag.PUBLIC && flag != AccessFlag.PROTECTED);
            if (flag.sourceModifier() && !implied) text.append(flag.name().toLowerCase(Locale.ROOT)).append(' ');
        }
        if (!permits.isEmpty() && !isEnum) text.append("sealed ");
        text.append(flags.contains(AccessFlag.ANNOTATION)
                ? "@interface "
                : isInterface ? "interface " : isRecord ? "record " : isEnum ? "enum " : "class ");
        text.append(name(type.thisClass().asInternalName()));
        var signature = type.findAttribute(Attributes.signature()).map(attribute -> attribute.asClassSignature());
        signature.ifPresent(generic -> text.append(parameters(generic.typeParameters())));
        List<String> parents = superclasses(type);
        if (!isInterface && !isRecord && !isEnum && !parents.isEmpty()) {
            text.append(" extends ").append(parents.getFirst());
        }
        Set<String> interfaces = interfaces(type);
        if (!interfaces.isEmpty()) {
            text.append(isInterface ? " extends " : " implements ").append(String.join(", ", interfaces));
        }
        List<String> shown = permits.stream().filter(this::isApi).map(this::name).sorted().toList();
        if (!shown.isEmpty() && !isEnum) text.append(" permits ").append(String.join(", ", shown));
        return text.toString();
    }

    /** The superclass, or that of a hidden one; none for Object. */
    private List<String> superclasses(ClassModel type) {
        if (type.superclass().isEmpty()) return List.of();
        String parent = type.superclass().get().asInternalName();
        ClassModel hidden = hiddenParent(parent);
        if (hidden != null) return superclasses(hidden);
        String name = type.findAttribute(Attributes.signature())
                .map(attribute -> type(attribute.asClassSignature().superclassSignature()))
                .orElseGet(() -> name(parent));
        return name.equals("Object") ? List.of() : List.of(name);
    }

    /** The interfaces, in place of hidden ones those that they extend, and those of a hidden superclass. */
    private Set<String> interfaces(ClassModel type) {
        var names = new LinkedHashSet<String>();
        var generic = type.findAttribute(Attributes.signature())
                .map(attribute -> attribute.asClassSignature().superinterfaceSignatures());
        for (int i = 0; i < type.interfaces().size(); i++) {
            String plain = type.interfaces().get(i).asInternalName();
            int place = i;
            ClassModel hidden = hiddenParent(plain);
            if (hidden != null) names.addAll(interfaces(hidden));
            else names.add(generic.map(all -> type(all.get(place))).orElseGet(() -> name(plain)));
        }
        type.superclass().map(entry -> hiddenParent(entry.asInternalName()))
                .ifPresent(parent -> names.addAll(interfaces(parent)));
        return names;
    }

    /** Fields, then constructors, then methods, each sorted. */
    private SequencedCollection<String> members(ClassModel type) {
        return members(type, true, flags(type).contains(AccessFlag.FINAL));
    }

    /** @param isFinal whether the type that has or inherits them is */
    private SequencedCollection<String> members(ClassModel type, boolean withConstructors, boolean isFinal) {
        var fields = new TreeSet<String>();
        var constructors = new TreeSet<String>();
        var methods = new TreeSet<String>();
        for (FieldModel field : type.fields()) {
            if (isApi(field.flags().flags(), isFinal)) fields.add(field(field));
        }
        for (MethodModel method : type.methods()) {
            if (!isApi(method.flags().flags(), isFinal)) continue;
            boolean isConstructor = method.methodName().equalsString("<init>");
            if (isConstructor && withConstructors) constructors.add(method(type, method));
            if (!isConstructor && !isImplied(type, method)) methods.add(method(type, method));
        }
        Stream.concat(type.superclass().stream(), type.interfaces().stream())
                .map(entry -> hiddenParent(entry.asInternalName()))
                .filter(Objects::nonNull)
                .flatMap(parent -> members(parent, false, isFinal).stream())
                .filter(line -> methods.stream().noneMatch(own -> own.endsWith(line.substring(call(line)))))
                .forEach(methods::add);
        var all = new ArrayList<String>(fields);
        all.addAll(constructors);
        all.addAll(methods);
        return new LinkedHashSet<>(all);
    }

    /** Where the name of a method begins, with the blank before it; the whole line of a field. */
    private static int call(String member) {
        return Math.max(0, member.lastIndexOf(' ', member.indexOf('(')));
    }

    private static boolean isApi(Set<AccessFlag> flags, boolean ofFinal) {
        return !flags.contains(AccessFlag.SYNTHETIC)
                && (flags.contains(AccessFlag.PUBLIC) || flags.contains(AccessFlag.PROTECTED) && !ofFinal);
    }

    private boolean isImplied(ClassModel type, MethodModel method) {
        String call = method.methodName().stringValue() + method.methodTypeSymbol().parameterList().stream()
                .map(parameter -> parameter.displayName()).collect(Collectors.joining(", ", "(", ")"));
        return OF_OBJECT.contains(call) || flags(type).contains(AccessFlag.ENUM) && OF_ENUM.contains(call);
    }

    private String field(FieldModel field) {
        var annotations = field.findAttribute(Attributes.runtimeVisibleTypeAnnotations());
        String type = field.findAttribute(Attributes.signature()).map(attribute -> type(attribute.asTypeSignature()))
                .orElseGet(() -> type(Signature.of(field.fieldTypeSymbol())));
        String value = field.findAttribute(Attributes.constantValue())
                .map(attribute -> " = " + attribute.constant().constantValue()).orElse("");
        return deprecated(field.findAttribute(Attributes.deprecated()).isPresent())
                + modifiers(field.flags().flags(), false)
                + nullable(type, annotations.stream().flatMap(a -> a.annotations().stream()), TargetType.FIELD, 0)
                + " " + field.fieldName().stringValue() + value;
    }

    private String method(ClassModel type, MethodModel method) {
        MethodSignature signature = method.findAttribute(Attributes.signature())
                .map(attribute -> attribute.asMethodSignature())
                .orElseGet(() -> MethodSignature.of(method.methodTypeSymbol()));
        Supplier<Stream<TypeAnnotation>> annotations = () -> method
                .findAttribute(Attributes.runtimeVisibleTypeAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream());
        var text = new StringBuilder(deprecated(method.findAttribute(Attributes.deprecated()).isPresent()));
        text.append(modifiers(method.flags().flags(), flags(type).contains(AccessFlag.INTERFACE)));
        if (!signature.typeParameters().isEmpty()) text.append(parameters(signature.typeParameters())).append(' ');
        if (method.methodName().equalsString("<init>")) {
            String name = name(type.thisClass().asInternalName());
            text.append(name.substring(name.lastIndexOf('.') + 1));
        } else {
            text.append(nullable(type(signature.result()), annotations.get(), TargetType.METHOD_RETURN, 0))
                    .append(' ').append(method.methodName().stringValue());
        }
        var arguments = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < signature.arguments().size(); i++) {
            arguments.add(nullable(type(signature.arguments().get(i)), annotations.get(),
                    TargetType.METHOD_FORMAL_PARAMETER, i));
        }
        text.append(arguments);
        List<String> thrown = signature.throwableSignatures().stream().map(this::type).toList();
        if (thrown.isEmpty()) {
            thrown = method.findAttribute(Attributes.exceptions()).stream().flatMap(a -> a.exceptions().stream())
                    .map(entry -> name(entry.asInternalName())).toList();
        }
        if (!thrown.isEmpty()) text.append(" throws ").append(String.join(", ", thrown));
        return text.toString();
    }

    private static String deprecated(boolean is) { return is ? "@Deprecated " : ""; }

    private static String modifiers(Set<AccessFlag> flags, boolean ofInterface) {
        var text = new StringBuilder();
        for (AccessFlag flag : flags) {
            boolean shown = switch (flag) {
                case PUBLIC, PROTECTED, STATIC, FINAL -> true;
                case ABSTRACT -> !ofInterface;
                default -> false;
            };
            if (shown) text.append(flag.name().toLowerCase(Locale.ROOT)).append(' ');
        }
        if (ofInterface && !flags.contains(AccessFlag.ABSTRACT) && !flags.contains(AccessFlag.STATIC)) {
            text.append("default ");
        }
        return text.toString();
    }

    /** The type, with {@code @Nullable} if it is annotated so; of an array, the array itself and not its elements. */
    private static String nullable(String type, Stream<TypeAnnotation> annotations, TargetType target, int index) {
        boolean is = annotations
                .filter(one -> one.annotation().className().equalsString("Lorg/jspecify/annotations/Nullable;"))
                .filter(one -> one.targetInfo().targetType() == target)
                .filter(one -> !(one.targetInfo() instanceof TypeAnnotation.FormalParameterTarget formal)
                        || formal.formalParameterIndex() == index)
                .anyMatch(one -> one.targetPath().stream()
                        .allMatch(step -> step == TypeAnnotation.TypePathComponent.INNER_TYPE));
        if (!is) return type;
        return type.endsWith("[]") ? type.replaceFirst("((\\[])+)$", " @Nullable $1") : "@Nullable " + type;
    }

    private String parameters(List<Signature.TypeParam> parameters) {
        if (parameters.isEmpty()) return "";
        return parameters.stream().map(parameter -> {
            String bounds = Stream.concat(parameter.classBound().stream(), parameter.interfaceBounds().stream())
                    .map(this::type).collect(Collectors.joining(" & "));
            return parameter.identifier() + (bounds.isEmpty() || bounds.equals("Object") ? "" : " extends " + bounds);
        }).collect(Collectors.joining(", ", "<", ">"));
    }

    private String type(Signature signature) {
        return switch (signature) {
            case Signature.BaseTypeSig base -> ClassDesc.ofDescriptor(String.valueOf(base.baseType())).displayName();
            case Signature.ArrayTypeSig array -> type(array.componentSignature()) + "[]";
            case Signature.TypeVarSig variable -> variable.identifier();
            case Signature.ClassTypeSig type -> {
                String name = type.outerType().map(outer -> type(outer) + "." + type.className())
                        .orElseGet(() -> name(type.className()));
                yield name + (type.typeArgs().isEmpty()
                        ? ""
                        : type.typeArgs().stream().map(this::argument).collect(Collectors.joining(", ", "<", ">")));
            }
        };
    }

    private String argument(Signature.TypeArg argument) {
        return switch (argument) {
            case Signature.TypeArg.Unbounded _ -> "?";
            case Signature.TypeArg.Bounded bounded -> switch (bounded.wildcardIndicator()) {
                case NONE -> "";
                case EXTENDS -> "? extends ";
                case SUPER -> "? super ";
            } + type(bounded.boundType());
        };
    }

    private String name(String internalName) {
        if (!isApi(internalName)) hidden.add("  " + place + " names " + internalName.replace('/', '.'));
        String name = internalName.replace('/', '.').replace('$', '.');
        return name.startsWith("java.lang.") && name.indexOf('.', 10) < 0 ? name.substring(10) : name;
    }
}
