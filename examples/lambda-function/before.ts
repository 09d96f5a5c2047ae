import * as aws from "@pulumi/aws";

const role = new aws.iam.Role("resize", {
  assumeRolePolicy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  }),
});
new aws.lambda.Function("resize", {
  packageType: "Image",
  imageUri: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/resize:1.4",
  role: role.arn,
  timeout: 30,
});
