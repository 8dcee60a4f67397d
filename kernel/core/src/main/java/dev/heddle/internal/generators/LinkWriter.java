package dev.heddle.internal.generators;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;

/**
 * A writer of the uses of members: as they are where a machine may do so, else by {@link Links#link} in the name of
 * the host.
 */
final class LinkWriter {

    static final String LINK = "link";

    private static final MethodTypeDesc LINK_TYPE = MethodType.methodType(
            CallSite.class,
            Lookup.class,
            String.class,
            MethodType.class,
            Class.class,
            Class.class,
            String.class,
            MethodType.class,
            int.class,
            MethodType[].class)
            .describeConstable()
            .orElseThrow();

    private final MemberAccess access;
    private final Class<?> caller;
    private final ClassDesc host;
    private final DirectMethodHandleDesc link;
    private boolean links;

    LinkWriter(BodyMethod body, MemberAccess access, ClassDesc machine) {
        this.access = access;
        this.caller = body.host();
        this.host = body.model().thisClass().asSymbol();
        this.link = MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, machine, LINK, LINK_TYPE);
    }

    /** Whether anything is linked in the name of the host. */
    boolean links() {
        return links;
    }

    void write(CodeBuilder code, FieldInstruction field) {
        ClassDesc owner = field.owner().asSymbol();
        ClassDesc type = field.typeSymbol();
        String name = field.name().stringValue();
        if (access.isOpenField(owner, name, type)) {
            code.with(field);
            return;
        }
        MethodTypeDesc read = MethodTypeDesc.of(type);
        MethodTypeDesc write = MethodTypeDesc.of(ConstantDescs.CD_void, type);
        switch (field.opcode()) {
            case GETFIELD -> link(code, name, bound(owner, read), owner, read, MethodHandleInfo.REF_getField);
            case GETSTATIC -> link(code, name, read, owner, read, MethodHandleInfo.REF_getStatic);
            case PUTFIELD -> link(code, name, bound(owner, write), owner, write, MethodHandleInfo.REF_putField);
            default -> link(code, name, write, owner, write, MethodHandleInfo.REF_putStatic);
        }
    }

    /** A call of a method; constructors are {@link #construct}. */
    void write(CodeBuilder code, InvokeInstruction call) {
        ClassDesc owner = call.owner().asSymbol();
        MethodTypeDesc type = call.typeSymbol();
        String name = call.name().stringValue();
        if (call.opcode() == Opcode.INVOKESPECIAL) {
            link(code, name, bound(host, type), owner, type, MethodHandleInfo.REF_invokeSpecial);
        } else if (access.isOpenMethod(owner, name, type)) {
            code.with(call);
        } else if (call.opcode() == Opcode.INVOKESTATIC) {
            link(code, name, type, owner, type, MethodHandleInfo.REF_invokeStatic);
        } else {
            link(code, name, bound(owner, type), owner, type, MethodHandleInfo.REF_invokeVirtual);
        }
    }

    /** Makes an object, from the arguments on the stack, by a constructor that is the host's only. */
    void construct(CodeBuilder code, ClassDesc type, MethodTypeDesc constructor) {
        link(code, "make", constructor.changeReturnType(type), type, constructor,
                MethodHandleInfo.REF_newInvokeSpecial);
    }

    void write(CodeBuilder code, InvokeDynamicInstruction site) {
        LambdaSpec spec = LambdaSpec.of(site, caller);
        if (spec != null) {
            access.requireNameable(spec.site());
            access.requireNameable(MemberAccess.memberType(spec.code()));
            List<ConstantDesc> args = LambdaSpec.encode(host, spec);
            links = true;
            code.invokedynamic(DynamicCallSiteDesc.of(
                    link, site.name().stringValue(), spec.site(), args.toArray(new ConstantDesc[0])));
        } else if (access.isOpen(site.bootstrapMethod()) && access.areOpen(site.bootstrapArgs())) {
            code.with(site);
        } else {
            throw new Refused("it has a call site that only its class can link: " + site.name().stringValue());
        }
    }

    private void link(
            CodeBuilder code, String name, MethodTypeDesc site, ClassDesc owner, MethodTypeDesc type, int kind) {
        access.requireNameable(site);
        access.requireNameable(type);
        links = true;
        code.invokedynamic(DynamicCallSiteDesc.of(link, name, site, host, owner, name, type, kind));
    }

    private static MethodTypeDesc bound(ClassDesc receiver, MethodTypeDesc type) {
        return type.insertParameterTypes(0, receiver);
    }
}
