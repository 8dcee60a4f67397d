package dev.heddle.json;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;

/** The rules of a record's components, as they stand on these and on what is in their lists, maps and optionals. */
final class ComponentRules {

    private ComponentRules() {}

    /**
     * The rules of one component; null if it has none.
     *
     * @param type the component's type, without open parameters
     * @throws IllegalArgumentException if one of them cannot be checked
     */
    static @Nullable Rules of(RecordComponent component, JavaType type) {
        try {
            return rules(Constraints.of(component), component.getAnnotatedType(), type);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the rules of " + component.getDeclaringRecord().getSimpleName() + "."
                    + component.getName() + " cannot be checked: " + e.getMessage(), e);
        }
    }

    /** The rules of the component of this name. */
    static @Nullable Rules of(Class<?> record, String name, JavaType type) {
        if (record.isRecord()) {
            for (RecordComponent component : record.getRecordComponents()) {
                if (component.getName().equals(name)) {
                    return of(component, type);
                }
            }
        }
        return null;
    }

    private static @Nullable Rules rules(List<Annotation> declared, AnnotatedType annotated, JavaType type) {
        AnnotatedType[] arguments = annotated instanceof AnnotatedParameterizedType generic
                ? generic.getAnnotatedActualTypeArguments()
                : new AnnotatedType[0];
        if (type.isReferenceType() && arguments.length == 1) {
            Rules outer = node(RuleReader.read(declared, type.getContentType().getRawClass()), null, null);
            return merged(outer, content(arguments[0], type.getContentType()));
        }
        List<Rule> own = RuleReader.read(declared, number(type));
        Rules content = null;
        Rules keys = null;
        if (type.isMapLikeType() && arguments.length == 2) {
            keys = content(arguments[0], type.getKeyType());
            content = content(arguments[1], type.getContentType());
        } else if (type.isArrayType() && annotated instanceof AnnotatedArrayType array) {
            // What stands before an array's type is said of the array, so nothing is said of its elements.
            content = rules(List.of(), array.getAnnotatedGenericComponentType(), type.getContentType());
        } else if (type.isCollectionLikeType() && arguments.length > 0) {
            content = content(arguments[arguments.length - 1], type.getContentType());
        } else {
            requireNone(arguments, type);
        }
        return node(own, content, keys);
    }

    private static @Nullable Rules content(AnnotatedType annotated, JavaType type) {
        AnnotatedType bound = annotated instanceof AnnotatedWildcardType wildcard
                ? wildcard.getAnnotatedUpperBounds()[0]
                : annotated;
        return rules(Constraints.of(bound), bound, type);
    }

    private static @Nullable Rules node(List<Rule> own, @Nullable Rules content, @Nullable Rules keys) {
        return own.isEmpty() && content == null && keys == null ? null : new Rules(own, content, keys);
    }

    /** What is said of an optional and of the value in it is said of that value. */
    private static @Nullable Rules merged(@Nullable Rules outer, @Nullable Rules inner) {
        if (outer == null || inner == null) {
            return outer == null ? inner : outer;
        }
        List<Rule> both = Stream.concat(outer.own().stream(), inner.own().stream()).toList();
        return new Rules(both, inner.content(), inner.keys());
    }

    /** The class of what is compared: that of an optional number is the number's. */
    private static Class<?> number(JavaType type) {
        return switch (type.getRawClass().getName()) {
            case "java.util.OptionalInt" -> Integer.class;
            case "java.util.OptionalLong" -> Long.class;
            case "java.util.OptionalDouble" -> Double.class;
            default -> type.getRawClass();
        };
    }

    private static void requireNone(AnnotatedType[] arguments, JavaType type) {
        for (AnnotatedType argument : arguments) {
            if (Constraints.areOn(argument)) {
                throw new IllegalArgumentException("what is in a " + type.getRawClass().getSimpleName()
                        + " is not known: a rule may stand in a list, a map or an optional");
            }
            if (argument instanceof AnnotatedParameterizedType generic) {
                requireNone(generic.getAnnotatedActualTypeArguments(), type);
            }
        }
    }
}
