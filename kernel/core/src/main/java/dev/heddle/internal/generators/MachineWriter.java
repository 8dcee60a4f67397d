package dev.heddle.internal.generators;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.SourceDebugExtensionAttribute;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A writer of the class of a machine: one object is one run of a body.
 *
 * <p>Its {@code apply} begins the body, or resumes it with what its yield is to give or to throw, and comes back at the
 * next yield or at the end. Whether the body has yielded, only its out knows, since each yield is still called.
 *
 * <pre>{@code
 * final class Host$lambda$0$machine implements BiFunction, Function {
 *     int state;                                    // the yield that it is at
 *     ... p0, p1;                                   // the parameters of the body
 *     int i4; Object a5;                            // its local variables and its stack, while it is suspended
 *     Object apply(Object parameters)               // another one, for other parameters
 *     Object apply(Object sent, Object thrown)      // calls the one below
 *     Object lambda$0(Object sent, Throwable thrown)
 * }
 * }</pre>
 */
final class MachineWriter implements Consumer<ClassBuilder> {

    static final String STATE = "state";

    /** HotSpot does not compile methods that are longer ({@code DontCompileHugeMethods}). */
    private static final int MAX_CODE_BYTES = 8_000;

    private static final ClassDesc CD_BI_FUNCTION = BiFunction.class.describeConstable().orElseThrow();
    private static final ClassDesc CD_FUNCTION = Function.class.describeConstable().orElseThrow();
    private static final MethodTypeDesc MAKE = MethodTypeDesc.of(ConstantDescs.CD_Object, ConstantDescs.CD_Object);
    private static final MethodTypeDesc APPLY = MethodTypeDesc.of(
            ConstantDescs.CD_Object, ConstantDescs.CD_Object, ConstantDescs.CD_Object);
    static final MethodTypeDesc RUN = MethodTypeDesc.of(
            ConstantDescs.CD_Object, ConstantDescs.CD_Object, ConstantDescs.CD_Throwable);

    private final BodyMethod body;
    private final MemberAccess access;
    private final ClassDesc machine;

    MachineWriter(BodyMethod body, MemberAccess access, ClassDesc machine) {
        this.body = body;
        this.access = access;
        this.machine = machine;
    }

    byte[] write() {
        ClassHierarchyResolver types = ClassHierarchyResolver.defaultResolver()
                .orElse(ClassHierarchyResolver.ofClassLoading(body.host().getClassLoader()));
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(types));
        byte[] bytes;
        try {
            bytes = files.build(machine, this);
        } catch (IllegalArgumentException e) {
            throw new Refused("it cannot be written as a machine: " + e.getMessage());
        }
        requireShort(files.parse(bytes));
        return bytes;
    }

    @Override
    public void accept(ClassBuilder writer) {
        writer.withVersion(Math.max(body.model().majorVersion(), ClassFile.JAVA_11_VERSION), 0);
        writer.withFlags(AccessFlag.FINAL, AccessFlag.SUPER);
        writer.withInterfaceSymbols(CD_BI_FUNCTION, CD_FUNCTION);
        SourceFileAttribute file = body.model().findAttribute(Attributes.sourceFile()).orElse(null);
        if (file != null) {
            writer.with(file);
        }
        SourceDebugExtensionAttribute debug = body.model().findAttribute(Attributes.sourceDebugExtension())
                .orElse(null);
        if (debug != null) {
            writer.with(debug);
        }
        writer.withField(STATE, ConstantDescs.CD_int, ClassFile.ACC_PRIVATE);
        for (BodyMethod.Parameter each : body.parameters()) {
            writer.withField(parameter(each.slot()), each.type(), ClassFile.ACC_PRIVATE);
        }
        writer.withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, 0, MachineWriter::writeConstructor);
        writer.withMethodBody("apply", MAKE, ClassFile.ACC_PUBLIC, this::writeMake);
        writer.withMethodBody("apply", APPLY, ClassFile.ACC_PUBLIC, this::writeApply);
        var links = new LinkWriter(body, access, machine);
        var code = new MachineCode(body, new YieldPoints(body, access), links, machine, access);
        writer.withMethodBody(body.name(), RUN, ClassFile.ACC_PRIVATE, code);
        for (Map.Entry<String, ClassDesc> each : code.fields().entrySet()) {
            writer.withField(each.getKey(), each.getValue(), ClassFile.ACC_PRIVATE);
        }
        if (links.links()) {
            writer.with(linkMethod());
        }
    }

    private static void writeConstructor(CodeBuilder code) {
        code.aload(0).invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
        code.return_();
    }

    /** Makes another machine, for the parameters in an array. */
    private void writeMake(CodeBuilder code) {
        code.aload(1).checkcast(ConstantDescs.CD_Object.arrayType()).astore(1);
        code.new_(machine).dup().invokespecial(machine, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void).astore(2);
        int index = 0;
        for (BodyMethod.Parameter each : body.parameters()) {
            code.aload(2).aload(1).loadConstant(index++).aaload();
            writeUnboxing(code, each.type());
            code.putfield(machine, parameter(each.slot()), each.type());
        }
        code.aload(2).areturn();
    }

    private void writeUnboxing(CodeBuilder code, ClassDesc type) {
        if (type.isPrimitive()) {
            Class<?> wrapped = access.resolve(type);
            ClassDesc box = MethodType.methodType(wrapped).wrap().returnType().describeConstable().orElseThrow();
            code.checkcast(box).invokevirtual(box, wrapped.getName().concat("Value"), MethodTypeDesc.of(type));
        } else {
            access.resolve(type); // or the machine may not name it
            code.checkcast(type);
        }
    }

    /** The name of the field of the parameter that begins in a slot. */
    static String parameter(int slot) {
        return "p".concat(Integer.toString(slot));
    }

    private void writeApply(CodeBuilder code) {
        code.aload(0).aload(1).aload(2).checkcast(ConstantDescs.CD_Throwable);
        code.invokevirtual(machine, body.name(), RUN).areturn();
    }

    private static MethodModel linkMethod() {
        try (InputStream in = Objects.requireNonNull(Links.class.getResourceAsStream("Links.class"))) {
            ClassModel links = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG).parse(in.readAllBytes());
            for (MethodModel each : links.methods()) {
                if (each.methodName().equalsString(LinkWriter.LINK)) {
                    return each;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("Links has lost its method");
    }

    private static void requireShort(ClassModel written) {
        for (MethodModel method : written.methods()) {
            int length = ((CodeAttribute) method.code().orElseThrow()).codeLength();
            if (length > MAX_CODE_BYTES) {
                throw new Refused(
                        "as a machine it would have " + length + " bytes of code, and the JVM compiles no more than "
                                + MAX_CODE_BYTES);
            }
        }
    }
}
