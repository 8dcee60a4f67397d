package dev.heddle.json;

import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.CollectionType;

/** The part of a mapper that has the rules of components checked while records are read. */
final class ValueRules extends ValueDeserializerModifier {

    private static final long serialVersionUID = 1L;

    private static final String NAME = "heddle-rules";

    static JacksonModule module() {
        return new SimpleModule(NAME).setDeserializerModifier(new ValueRules());
    }

    /** Whether a mapper has this part. */
    static boolean areIn(JsonMapper mapper) {
        return mapper.registeredModules().stream().anyMatch(each -> NAME.equals(each.getModuleName()));
    }

    @Override
    public BeanDeserializerBuilder updateBuilder(
            DeserializationConfig config, BeanDescription.Supplier description, BeanDeserializerBuilder builder) {
        Class<?> type = description.getBeanClass();
        if (!type.isRecord()) {
            requireNone(description);
            return builder;
        }
        ValueInstantiator made = builder.getValueInstantiator();
        SettableBeanProperty[] given = made.canCreateFromObjectWith() ? made.getFromObjectArguments(config) : null;
        SettableBeanProperty[] checked = given == null ? new SettableBeanProperty[0] : given.clone();
        boolean any = false;
        for (RecordComponent component : type.getRecordComponents()) {
            int index = index(checked, component);
            Rules rules = ComponentRules.of(component, index < 0
                    ? config.getTypeFactory().constructType(component.getGenericType())
                    : checked[index].getType());
            if (rules != null) {
                requireCanBeChecked(config, component, index < 0 || isMadeOtherwise(made) ? null : checked[index]);
                checked[index] = withRules(checked[index], rules);
                builder.addOrReplaceProperty(checked[index], true);
                any = true;
            }
        }
        if (any) {
            builder.setValueInstantiator(new WithArguments(made, checked));
        }
        return builder;
    }

    /** The plain set, which Jackson makes a {@code HashSet}; who names another class knows what that does. */
    @Override
    public ValueDeserializer<?> modifyCollectionDeserializer(DeserializationConfig config, CollectionType type,
            BeanDescription.Supplier description, ValueDeserializer<?> deserializer) {
        return type.getRawClass() == HashSet.class ? new UniqueDeserializer(type) : deserializer;
    }

    private static int index(SettableBeanProperty[] arguments, RecordComponent component) {
        for (int i = 0; i < arguments.length; i++) {
            RecordComponent own = arguments[i] == null
                    ? null
                    : RequiredComponents.component(arguments[i].getMember());
            if (own != null && own.getName().equals(component.getName())) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a record may be made without its constructor's arguments: of one value. */
    private static boolean isMadeOtherwise(ValueInstantiator made) {
        return made.canCreateUsingDelegate() || made.canCreateUsingArrayDelegate() || made.canCreateFromString()
                || made.canCreateFromInt() || made.canCreateFromLong() || made.canCreateFromDouble()
                || made.canCreateFromBoolean();
    }

    private static void requireCanBeChecked(
            DeserializationConfig config, RecordComponent component, @Nullable SettableBeanProperty argument) {
        String name = component.getDeclaringRecord().getSimpleName() + "." + component.getName();
        if (argument == null) {
            throw new IllegalArgumentException(
                    "the rules of " + name + " cannot be checked: the record is not made by its own constructor");
        }
        AnnotatedMember member = argument.getMember();
        if (config.getAnnotationIntrospector().findDeserializationConverter(config, member) != null) {
            throw new IllegalArgumentException("the rules of " + name + " cannot be checked: it is converted");
        }
    }

    private static SettableBeanProperty withRules(SettableBeanProperty argument, Rules rules) {
        return argument.withValueDeserializer(argument.hasValueDeserializer()
                ? new CheckedDeserializer(argument.getValueDeserializer(), rules)
                : CheckedDeserializer.unresolved(rules));
    }

    /** A rule of what is no record would never be looked at. */
    private static void requireNone(BeanDescription.Supplier description) {
        for (BeanPropertyDefinition property : description.get().findProperties()) {
            for (AnnotatedMember member : new AnnotatedMember[]{
                    property.getField(), property.getGetter(), property.getSetter()}) {
                if (member != null && Constraints.areOn(member.getAnnotated())) {
                    throw new IllegalArgumentException("the rules of " + description.getBeanClass().getSimpleName()
                            + "." + property.getName() + " cannot be checked: it is no record");
                }
            }
        }
    }

    /** Makes a record of the arguments that are checked. */
    private static final class WithArguments extends ValueInstantiator.Delegating {

        private static final long serialVersionUID = 1L;

        private final transient SettableBeanProperty[] arguments;

        WithArguments(ValueInstantiator made, SettableBeanProperty[] arguments) {
            super(made);
            this.arguments = arguments;
        }

        @Override
        public SettableBeanProperty[] getFromObjectArguments(DeserializationConfig config) {
            return arguments;
        }
    }
}
