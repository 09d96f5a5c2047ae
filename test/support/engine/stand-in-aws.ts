/**
 * A stand-in for @pulumi/aws, as far as the examples use it: the SDK is too large to install for them. The types of the resources and
 * their properties are the SDK's (https://www.pulumi.com/registry/packages/aws/api-docs/).
 */
import * as pulumi from "@pulumi/pulumi";

class WithArn extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;

  constructor(type: string, name: string, args: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super(type, name, { arn: undefined, ...args }, opts);
  }
}

interface ServiceArgs {
  readonly cluster?: pulumi.Input<string>;
  readonly taskDefinition?: pulumi.Input<string>;
  readonly launchType?: pulumi.Input<string>;
  readonly desiredCount?: pulumi.Input<number>;
}

interface TaskDefinitionArgs {
  readonly family: pulumi.Input<string>;
  readonly containerDefinitions: pulumi.Input<string>;
  readonly requiresCompatibilities?: pulumi.Input<pulumi.Input<string>[]>;
  readonly networkMode?: pulumi.Input<string>;
  readonly cpu?: pulumi.Input<string>;
  readonly memory?: pulumi.Input<string>;
}

export const ecs = {
  Cluster: class Cluster extends WithArn {
    constructor(name: string) {
      super("aws:ecs/cluster:Cluster", name, {});
    }
  },
  Service: class Service extends WithArn {
    constructor(name: string, args: ServiceArgs) {
      super("aws:ecs/service:Service", name, args);
    }
  },
  TaskDefinition: class TaskDefinition extends WithArn {
    constructor(name: string, args: TaskDefinitionArgs) {
      super("aws:ecs/taskDefinition:TaskDefinition", name, args);
    }
  },
};

interface RoleArgs {
  readonly assumeRolePolicy: pulumi.Input<string>;
}

export const iam = {
  Role: class Role extends WithArn {
    constructor(name: string, args: RoleArgs) {
      super("aws:iam/role:Role", name, args);
    }
  },
};

interface FunctionArgs {
  readonly role: pulumi.Input<string>;
  readonly packageType?: pulumi.Input<string>;
  readonly imageUri?: pulumi.Input<string>;
  readonly timeout?: pulumi.Input<number>;
}

export const lambda = {
  Function: class Function extends WithArn {
    constructor(name: string, args: FunctionArgs) {
      super("aws:lambda/function:Function", name, args);
    }
  },
};
