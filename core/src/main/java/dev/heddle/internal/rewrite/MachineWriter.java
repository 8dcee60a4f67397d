package dev.heddle.internal.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * Writes the class of a machine: one object is one run of a body.
 *
 * <p>Its {@code apply} begins the body, or resumes it with what its yield is to give or to throw, and comes back at the
 * next yield or at the end. Whether the body has yielded, only its out knows, since each yield is still called.
 *
 * <pre>{@code
 * final class Host$lambda$0$machine implements BiFunction {
 *     int state;                                    // the yield that it is at
 *     final ... p0, p1;                             // the parameters of the body
 *     int i4; Object a5;                            // its local variables and its stack, while it is suspended
 *     Object apply(Object sent, Object thrown)      // calls the one below
 *     Object lambda$0(Object sent, Throwable thrown)
 * }
 * }</pre>
 */
final class MachineWriter {

    static final String STATE = "state";

    /** HotSpot does not compile methods that are longer ({@code DontCompileHugeMethods}). */
    private static final int MAX_CODE_BYTES = 8_000;

    private static final ClassDesc CD_BI_FUNCTION = BiFunction.class.describeConstable().orElseThrow();
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
        var points = new YieldPoints(body, access);
        ClassHierarchyResolver types = ClassHierarchyResolver.defaultResolver()
                .orElse(ClassHierarchyResolver.ofClassLoading(body.host().getClassLoader()));
        ClassFile files = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(types));
        byte[] bytes;
        try {
            bytes = files.build(machine, writer -> write(writer, points));
        } catch (IllegalArgumentException e) {
            throw new Refused("it cannot be written as a machine: " + e.getMessage());
        }
        requireShort(files.parse(bytes));
        return bytes;
    }

    private void write(ClassBuilder writer, YieldPoints points) {
        writer.withVersion(Math.max(body.model().majorVersion(), ClassFile.JAVA_11_VERSION), 0);
        writer.withFlags(AccessFlag.FINAL, AccessFlag.SUPER);
        writer.withInterfaceSymbols(CD_BI_FUNCTION);
        body.model().findAttribute(Attributes.sourceFile()).ifPresent(writer);
        body.model().findAttribute(Attributes.sourceDebugExtension()).ifPresent(writer);
        writer.withField(STATE, ConstantDescs.CD_int, ClassFile.ACC_PRIVATE);
        writeConstructor(writer);
        writeApply(writer);
        var code = new MachineCode(body, points, new LinkWriter(body, access, machine), machine, access);
        writer.withMethodBody(body.name(), RUN, ClassFile.ACC_PRIVATE, code::write);
        code.fields().forEach((name, type) -> writer.withField(name, type, ClassFile.ACC_PRIVATE));
        writer.with(linkMethod());
    }

    private void writeConstructor(ClassBuilder writer) {
        MethodTypeDesc type = MethodTypeDesc.of(ConstantDescs.CD_void, body.parameterTypes());
        writer.withMethodBody(ConstantDescs.INIT_NAME, type, 0, code -> {
            code.aload(0).invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void);
            for (BodyMethod.Parameter each : body.parameters()) {
                code.aload(0).loadLocal(each.kind(), 1 + each.slot());
                code.putfield(machine, parameter(each.slot()), each.type());
            }
            code.return_();
        });
        for (BodyMethod.Parameter each : body.parameters()) {
            writer.withField(parameter(each.slot()), each.type(), ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
        }
    }

    /** The name of the field of the parameter that begins in a slot. */
    static String parameter(int slot) {
        return "p" + slot;
    }

    private void writeApply(ClassBuilder writer) {
        writer.withMethodBody("apply", APPLY, ClassFile.ACC_PUBLIC, code -> code.aload(0)
                .aload(1)
                .aload(2)
                .checkcast(ConstantDescs.CD_Throwable)
                .invokevirtual(machine, body.name(), RUN)
                .areturn());
    }

    private static MethodModel linkMethod() {
        try (InputStream in = Objects.requireNonNull(Links.class.getResourceAsStream("Links.class"))) {
            ClassModel links = ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG).parse(in.readAllBytes());
            return links.methods().stream()
                    .filter(method -> method.methodName().equalsString(LinkWriter.LINK))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireShort(ClassModel written) {
        for (MethodModel method : written.methods()) {
            int length = ((CodeAttribute) method.code().orElseThrow()).codeLength();
            if (length > MAX_CODE_BYTES) {
                throw new Refused("as a machine it would have " + length + " bytes of code, and the JVM compiles no more than "
                        + MAX_CODE_BYTES);
            }
        }
    }
}
