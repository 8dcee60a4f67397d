package dev.heddle.sim;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The call graph of some modules, and who may wait in it: a method waits if it, or a lambda that it makes, may come to
 * {@code Waiter.await}. A call of an interface may be one of each class that implements it, so some are found that never
 * wait in truth, but none that waits is left out.
 */
final class WaitingCalls {

    private static final String WAIT = "dev/heddle/Waiter.await";

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, Set<String>> children = new HashMap<>();
    private final Map<String, Set<Call>> calls = new HashMap<>();

    /** @param virtual whether a subclass may have the method that is called */
    private record Call(String owner, String method, boolean virtual) {}

    /** Reads the modules, or other places of classes, that these classes are of. */
    WaitingCalls(Class<?>... members) throws IOException, URISyntaxException {
        for (Class<?> each : members) {
            Path place = Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                read(place);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(place)) {
                    read(jar.getPath("/"));
                }
            }
        }
        classes.values().forEach(this::addKin);
        classes.forEach((name, model) -> model.methods().forEach(method -> addCalls(name, method)));
    }

    private void read(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
                classes.put(model.thisClass().asInternalName(), model);
            }
        }
    }

    private void addKin(ClassModel model) {
        String name = model.thisClass().asInternalName();
        model.superclass().ifPresent(parent -> {
            parents.put(name, parent.asInternalName());
            children.computeIfAbsent(parent.asInternalName(), unseen -> new HashSet<>()).add(name);
        });
        model.interfaces()
                .forEach(face -> children.computeIfAbsent(face.asInternalName(), unseen -> new HashSet<>()).add(name));
    }

    private void addCalls(String owner, MethodModel method) {
        Set<Call> made = new LinkedHashSet<>();
        method.code().ifPresent(code -> code.forEach(element -> {
            switch (element) {
                case InvokeInstruction call -> made.add(new Call(
                        call.owner().asInternalName(), call.name().stringValue() + call.type().stringValue(),
                        call.opcode() != Opcode.INVOKESTATIC && call.opcode() != Opcode.INVOKESPECIAL));
                case InvokeDynamicInstruction lambda -> lambda.bootstrapArgs().forEach(argument -> {
                    if (argument instanceof DirectMethodHandleDesc target) {
                        made.add(new Call(
                                internal(target.owner()), target.methodName() + target.lookupDescriptor(), true));
                    }
                });
                default -> {}
            }
        }));
        made.removeIf(call -> !classes.containsKey(call.owner()));
        calls.put(id(owner, method), made);
    }

    private static String internal(ClassDesc type) {
        String descriptor = type.descriptorString();
        return descriptor.substring(1, descriptor.length() - 1);
    }

    private static String id(String owner, MethodModel method) {
        return owner + "." + method.methodName().stringValue() + method.methodType().stringValue();
    }

    /** The public methods that may wait, of public classes in packages, as {@code Tcp.connect}; overloads are one. */
    Set<String> in(Pattern packages) {
        Set<String> waiting = waiting();
        Set<String> found = new TreeSet<>();
        classes.forEach((name, model) -> {
            String type = name.substring(name.lastIndexOf('/') + 1).replace('$', '.');
            if (packages.matcher(name.substring(0, name.lastIndexOf('/') + 1)).matches()
                    && model.flags().has(AccessFlag.PUBLIC)) {
                model.methods()
                        .stream()
                        .filter(method -> method.flags().has(AccessFlag.PUBLIC)
                                && !method.flags().has(AccessFlag.SYNTHETIC)
                                && waiting.contains(id(name, method)))
                        .forEach(method -> found.add(type + "." + method.methodName().stringValue()));
            }
        });
        return found;
    }

    private Set<String> waiting() {
        Map<String, Set<String>> callers = new HashMap<>();
        calls.forEach((caller, made) -> made.forEach(call -> targets(call)
                .forEach(target -> callers.computeIfAbsent(target, unseen -> new HashSet<>()).add(caller))));
        Deque<String> next = new ArrayDeque<>(calls.keySet().stream().filter(id -> id.startsWith(WAIT)).toList());
        Set<String> waiting = new HashSet<>(next);
        while (!next.isEmpty()) {
            for (String caller : callers.getOrDefault(next.remove(), Set.of())) {
                if (waiting.add(caller)) {
                    next.add(caller);
                }
            }
        }
        return waiting;
    }

    private Set<String> targets(Call call) {
        Set<String> targets = new HashSet<>();
        String owner = call.owner();
        while (owner != null && !calls.containsKey(owner + "." + call.method())) {
            owner = parents.get(owner);
        }
        if (owner != null) {
            targets.add(owner + "." + call.method());
        }
        Deque<String> below = new ArrayDeque<>(call.virtual() ? List.of(call.owner()) : List.of());
        while (!below.isEmpty()) {
            String type = below.remove();
            if (calls.containsKey(type + "." + call.method())) {
                targets.add(type + "." + call.method());
            }
            below.addAll(children.getOrDefault(type, Set.of()));
        }
        return targets;
    }
}
