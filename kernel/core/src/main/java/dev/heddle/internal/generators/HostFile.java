package dev.heddle.internal.generators;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file of a class, if it is the one that was loaded. */
final class HostFile {

    /** The least version whose files all have stack map frames and whose lambdas are call sites: that of Java 8. */
    private static final int MIN_VERSION = ClassFile.JAVA_8_VERSION;

    /** Linux tells the second of a start. */
    private static final Duration START_KNOWN_TO = Duration.ofSeconds(2);

    private final ClassModel model;

    HostFile(Class<?> host) {
        try {
            model = ClassFile.of().parse(bytes(host));
            if (model.majorVersion() < MIN_VERSION) {
                throw new Refused(host.getName() + " was compiled for a Java before 8");
            }
            requireSame(host);
        } catch (IOException | IllegalArgumentException | LinkageError e) {
            throw new Refused("the file of " + host.getName() + " cannot be read: " + e);
        }
    }

    private static byte[] bytes(Class<?> host) throws IOException {
        byte[] machine = Machines.bytes(host);
        if (machine != null) {
            return machine;
        }
        String name = host.getName();
        String file = name.substring(name.lastIndexOf('.') + 1).concat(".class");
        requireOld(host, host.getResource(file));
        try (InputStream in = host.getResourceAsStream(file)) {
            if (in == null) {
                throw new Refused(name + " has no class file");
            }
            return in.readAllBytes();
        }
    }

    /** Who compiles while the program runs has a file of another class than was loaded, though it looks the same. */
    private static void requireOld(Class<?> host, @Nullable URL place) throws IOException {
        if (place != null && place.getProtocol().equals("file")) {
            Instant written = Files.getLastModifiedTime(Path.of(URI.create(place.toString()))).toInstant();
            Instant started = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
            if (written.isAfter(started.plus(START_KNOWN_TO))) {
                throw new Refused("the file of " + host.getName() + " was written when the program ran already");
            }
        }
    }

    ClassModel model() {
        return model;
    }

    MethodModel method(String name, String descriptor) {
        for (MethodModel each : model.methods()) {
            if (each.methodName().equalsString(name) && each.methodType().equalsString(descriptor)) {
                return each;
            }
        }
        throw new Refused("the class file has no method " + name + descriptor);
    }

    /** An agent that rewrites classes as they are loaded adds members or moves code; its additions must not get lost. */
    private void requireSame(Class<?> host) {
        Set<String> loaded = new HashSet<>();
        for (Method each : host.getDeclaredMethods()) {
            loaded.add(each.getName().concat(descriptor(each.getReturnType(), each.getParameterTypes())));
        }
        for (Constructor<?> each : host.getDeclaredConstructors()) {
            loaded.add(ConstantDescs.INIT_NAME.concat(descriptor(void.class, each.getParameterTypes())));
        }
        for (Field each : host.getDeclaredFields()) {
            loaded.add(each.getName().concat(each.getType().descriptorString()));
        }
        Set<String> written = new HashSet<>();
        for (MethodModel each : model.methods()) {
            if (!each.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)) {
                written.add(each.methodName().stringValue().concat(each.methodType().stringValue()));
            }
        }
        for (FieldModel each : model.fields()) {
            written.add(each.fieldName().stringValue().concat(each.fieldType().stringValue()));
        }
        if (!loaded.equals(written)) {
            throw new Refused(host.getName() + " is not as in its class file: an agent has changed it");
        }
    }

    private static String descriptor(Class<?> result, Class<?>[] parameters) {
        return MethodType.methodType(result, parameters).descriptorString();
    }
}
