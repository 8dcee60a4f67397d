package dev.heddle.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.OptBoolean;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.TreeNode;
import tools.jackson.core.Version;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedConstructor;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rule that each component of a record has its field in a document, and no null where its type says that there is
 * none. Nullness is what annotations that are called {@code Nullable} say, whoever has made them; all else is not null,
 * as in code that is {@code NullMarked}.
 */
final class RequiredComponents extends NopAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    private static final Set<Class<?>> OPTIONAL = Set.of(Optional.class, OptionalInt.class, OptionalLong.class,
            OptionalDouble.class);

    /** Whether a mapper has this rule. */
    static boolean isIn(JsonMapper mapper) {
        return mapper.deserializationConfig().getAnnotationIntrospector().allIntrospectors().stream()
                .anyMatch(RequiredComponents.class::isInstance);
    }

    /**
     * The rule for an array that is the whole document, of which no component speaks. Its place in the document is not
     * known any more, but its number is.
     */
    static void requireElements(@Nullable Object[] array, JsonMapper mapper) {
        Class<?> type = array.getClass().getComponentType();
        if (mayBeNull(type)) {
            return;
        }
        for (int i = 0; i < array.length; i++) {
            if (array[i] == null) {
                throw JsonRefusal.nullElement(i, type, mapper);
            }
        }
    }

    @Override
    public Version version() {
        return Version.unknownVersion();
    }

    /** True or no word at all: what is not required here another introspector may require. */
    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
        RecordComponent component = component(member);
        return (component == null || isOptional(component, member)) ? null : Boolean.TRUE;
    }

    @Override
    public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
        RecordComponent component = component(annotated);
        if (component == null) {
            return JsonSetter.Value.empty();
        }
        Nulls nulls = isOptional(component, annotated) || isTree(component.getType()) ? Nulls.DEFAULT : Nulls.FAIL;
        return JsonSetter.Value.construct(nulls, contentNulls(component, annotated.getType()));
    }

    /** What the parameter of a canonical constructor stands for. */
    static @Nullable RecordComponent component(Annotated annotated) {
        if (!(annotated instanceof AnnotatedParameter parameter)
                || !(parameter.getOwner() instanceof AnnotatedConstructor constructor)
                || !constructor.getDeclaringClass().isRecord()) {
            return null;
        }
        RecordComponent[] components = constructor.getDeclaringClass().getRecordComponents();
        if (components.length != constructor.getParameterCount()) {
            return null;
        }
        for (int i = 0; i < components.length; i++) {
            if (components[i].getType() != constructor.getRawParameterType(i)) {
                return null;
            }
        }
        return components[parameter.getIndex()];
    }

    /** Whether a document may do without a component of a record, which has this name in the program. */
    static boolean isOptional(Class<?> type, String name) {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                if (component.getName().equals(name)) {
                    return isOptional(component, component.getAccessor().getAnnotation(JsonProperty.class));
                }
            }
        }
        return false;
    }

    private static boolean isOptional(RecordComponent component, Annotated parameter) {
        return isOptional(component, parameter.getAnnotation(JsonProperty.class));
    }

    private static boolean isOptional(RecordComponent component, @Nullable JsonProperty property) {
        return OPTIONAL.contains(component.getType())
                || (property != null && property.isRequired() == OptBoolean.FALSE)
                || ((isNullable(component) || isNullable(component.getAnnotatedType()))
                        && !Constraints.forbidNull(component));
    }

    private static Nulls contentNulls(RecordComponent component, JavaType type) {
        AnnotatedType element = element(component.getAnnotatedType(), component.getType());
        if (element == null || isNullable(element) || type.getContentType() == null) {
            return Nulls.DEFAULT;
        }
        return mayBeNull(type.getContentType().getRawClass()) ? Nulls.DEFAULT : Nulls.FAIL;
    }

    /** Whether null is a value of elements of this class. */
    private static boolean mayBeNull(Class<?> element) {
        return element == Object.class || OPTIONAL.contains(element) || isTree(element);
    }

    /** The type of what is in a list, an array or a map. */
    private static @Nullable AnnotatedType element(AnnotatedType type, Class<?> raw) {
        if (type instanceof AnnotatedArrayType array) {
            return array.getAnnotatedGenericComponentType();
        }
        boolean holds = Collection.class.isAssignableFrom(raw) || Map.class.isAssignableFrom(raw);
        if (!holds || !(type instanceof AnnotatedParameterizedType generic)) {
            return null;
        }
        AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    /** A tree of JSON has a node for null. */
    private static boolean isTree(Class<?> type) {
        return TreeNode.class.isAssignableFrom(type);
    }

    private static boolean isNullable(AnnotatedElement element) {
        for (Annotation annotation : element.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                return true;
            }
        }
        return false;
    }
}
