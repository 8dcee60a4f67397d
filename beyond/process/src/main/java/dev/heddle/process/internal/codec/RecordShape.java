package dev.heddle.process.internal.codec;

import dev.heddle.process.CannotTravelException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a record class: its components, and how to take a record apart and make one, by its accessors and its
 * canonical constructor.
 */
final class RecordShape {

    private static final ClassValue<RecordShape> SHAPES = new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
            return new RecordShape(type);
        }
    };

    private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);
    private static final MethodType MAKER = MethodType.methodType(Object.class, Object[].class);

    /** How its components are called in the path to what cannot travel. */
    final String[] segments;
    private final MethodHandle[] accessors;
    private final MethodHandle maker;

    private RecordShape(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        segments = new String[components.length];
        accessors = new MethodHandle[components.length];
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            for (int i = 0; i < components.length; i++) {
                segments[i] = ".".concat(components[i].getName());
                Method accessor = components[i].getAccessor();
                accessor.setAccessible(true);
                accessors[i] = lookup.unreflect(accessor).asType(ACCESSOR);
            }
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Constructor<?> canonical = type.getDeclaredConstructor(types);
            canonical.setAccessible(true);
            maker = lookup.unreflectConstructor(canonical)
                    .asFixedArity()
                    .asType(MethodType.genericMethodType(types.length))
                    .asSpreader(Object[].class, types.length)
                    .asType(MAKER);
        } catch (InaccessibleObjectException e) {
            throw new CannotTravelException(
                    "the record " + type.getName() + " is not open to dev.heddle.process; open its package in"
                            + " module-info.java");
        } catch (ReflectiveOperationException e) {
            throw new CannotTravelException("the record " + type.getName() + " cannot be taken apart: " + e);
        }
    }

    /**
     * The shape of a record class.
     *
     * @throws CannotTravelException if its package is closed to us
     */
    static RecordShape of(Class<?> type) {
        return SHAPES.get(type);
    }

    @Nullable Object component(Object value, int index) {
        try {
            return accessors[index].invokeExact(value);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("an accessor threw a checked exception", e);
        }
    }

    Object make(@Nullable Object[] components) {
        try {
            return maker.invokeExact(components);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a constructor threw a checked exception", e);
        }
    }
}
