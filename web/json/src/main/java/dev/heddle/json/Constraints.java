package dev.heddle.json;

import jakarta.validation.Constraint;
import jakarta.validation.OverridesAttribute;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.groups.Default;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The annotations of Jakarta Validation that stand somewhere, with those that they are made of in their place. What we
 * could not check is refused, since a rule that is never looked at is worse than none.
 */
final class Constraints {

    /** Annotations made of each other, at most. */
    private static final int MAX_DEPTH = 10;

    private Constraints() {}

    /** Those of a component, wherever Java has put them: its annotations go to what they may stand on. */
    static List<Annotation> of(RecordComponent component) {
        Set<Annotation> all = new LinkedHashSet<>(List.of(component.getAnnotations()));
        all.addAll(List.of(component.getAccessor().getAnnotations()));
        Class<?> type = component.getDeclaringRecord();
        try {
            all.addAll(List.of(type.getDeclaredField(component.getName()).getAnnotations()));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(type + " lacks the field of its component " + component.getName(), e);
        }
        return expanded(all.toArray(Annotation[]::new), 0);
    }

    /** Those that stand on a type. */
    static List<Annotation> of(AnnotatedElement element) {
        return expanded(element.getAnnotations(), 0);
    }

    /** Whether a component is never null, whatever else is said of it. */
    static boolean forbidNull(RecordComponent component) {
        return of(component).stream()
                .anyMatch(each -> each instanceof NotNull || each instanceof NotEmpty || each instanceof NotBlank);
    }

    /** Whether there are any, without a look at what they say. */
    static boolean areOn(AnnotatedElement element) {
        for (Annotation annotation : element.getAnnotations()) {
            if (isConstraint(annotation) || repeated(annotation) != null) {
                return true;
            }
        }
        return false;
    }

    private static List<Annotation> expanded(Annotation[] annotations, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("annotations of rules are made of each other without an end");
        }
        List<Annotation> all = new ArrayList<>();
        for (Annotation annotation : annotations) {
            Annotation[] repeated = repeated(annotation);
            if (repeated != null) {
                all.addAll(expanded(repeated, depth + 1));
            } else if (isConstraint(annotation)) {
                if (isBuiltIn(annotation)) {
                    checkGroups(annotation);
                    all.add(annotation);
                } else {
                    checkComposed(annotation.annotationType());
                    checkGroups(annotation);
                    all.addAll(expanded(annotation.annotationType().getAnnotations(), depth + 1));
                }
            }
        }
        return all;
    }

    private static boolean isConstraint(Annotation annotation) {
        return annotation.annotationType().isAnnotationPresent(Constraint.class);
    }

    private static boolean isBuiltIn(Annotation annotation) {
        return annotation.annotationType().getPackage() == NotNull.class.getPackage();
    }

    /** What a container of a repeated annotation holds; null if it is none. */
    private static Annotation @org.jspecify.annotations.Nullable [] repeated(Annotation annotation) {
        for (Method method : annotation.annotationType().getDeclaredMethods()) {
            Class<?> element = method.getReturnType().getComponentType();
            if (method.getName().equals("value") && element != null
                    && element.isAnnotationPresent(Constraint.class)) {
                return (Annotation[]) value(annotation, "value");
            }
        }
        return null;
    }

    private static void checkComposed(Class<? extends Annotation> type) {
        Constraint constraint = type.getAnnotation(Constraint.class);
        if (constraint != null && constraint.validatedBy().length > 0) {
            throw new IllegalArgumentException("@" + type.getSimpleName()
                    + " has a validator of its own, which is not run: say it in the record's constructor");
        }
        for (Method method : type.getDeclaredMethods()) {
            if (method.isAnnotationPresent(OverridesAttribute.class)
                    || method.isAnnotationPresent(OverridesAttribute.List.class)) {
                throw new IllegalArgumentException("@" + type.getSimpleName() + " overrides attributes of its parts");
            }
        }
    }

    private static void checkGroups(Annotation annotation) {
        for (Class<?> group : (Class<?>[]) value(annotation, "groups")) {
            if (group != Default.class) {
                throw new IllegalArgumentException("@" + annotation.annotationType().getSimpleName()
                        + " is of the group " + group.getSimpleName() + "; there are no groups here");
            }
        }
    }

    private static Object value(Annotation annotation, String name) {
        try {
            Method method = annotation.annotationType().getMethod(name);
            if (!method.trySetAccessible()) {
                throw new IllegalArgumentException(annotation.annotationType() + " is in a package that is not open");
            }
            return method.invoke(annotation);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalArgumentException(annotation.annotationType() + " has no " + name, e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(annotation.annotationType() + " has a broken " + name, e.getCause());
        }
    }
}
